import { z } from 'zod';
import {
  eventAnswer,
  eventBody,
  outcomeAnswer,
  outcomeBody,
  problemAnswer,
  signUpAnswer,
  subscriberAnswer,
  subscriberBody,
} from './schemas.ts';

/** The description of the API, OpenAPI 3.1, made of the schemas that its routes use. */
export function openApi(publicUrl: string, version: string): object {
  const schema = (one: z.ZodType, io: 'input' | 'output' = 'output') => {
    const { $schema: _, ...rest } = z.toJSONSchema(one, { io });
    return rest;
  };
  const json = (name: string) => ({
    'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
  });
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const idempotency = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A text of your own per act. Sent again with the same body, nothing is done twice and the first answer comes again.',
    schema: { type: 'string', maxLength: 200 },
  };
  const refusals = {
    401: problem('No valid key'),
    403: problem('The key lacks the scope'),
    422: problem('The body cannot be taken'),
    429: problem('Too many requests; Retry-After says when'),
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Simmer',
      version,
      description:
        'Sign-ups and events from other programs, on the same profile and ledger as everything else.',
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ key: [] }],
    paths: {
      '/events': {
        post: {
          operationId: 'recordEvent',
          summary: 'Record what a lead did elsewhere (scope events:write)',
          parameters: [idempotency],
          requestBody: { required: true, content: json('Event') },
          responses: {
            201: { description: 'Recorded', content: json('EventRecorded') },
            404: problem('Nobody has this address'),
            ...refusals,
          },
        },
      },
      '/outcomes': {
        post: {
          operationId: 'recordOutcome',
          summary: 'Say how the call went (scope outcomes:write)',
          parameters: [idempotency],
          requestBody: { required: true, content: json('Outcome') },
          responses: {
            200: { description: 'Said before, unchanged', content: json('OutcomeRecorded') },
            201: { description: 'Recorded', content: json('OutcomeRecorded') },
            404: problem('Nobody has this address'),
            409: problem('The lead is not with sales, or sales has answered for good before'),
            ...refusals,
          },
        },
      },
      '/subscribers': {
        get: {
          operationId: 'findSubscriber',
          summary: 'Look somebody up (scope subscribers:read)',
          parameters: [{ name: 'email', in: 'query', required: true, schema: { type: 'string' } }],
          responses: {
            200: { description: 'The subscriber', content: json('Subscriber') },
            400: problem('No address was given'),
            404: problem('Nobody has this address'),
            401: refusals[401],
            403: refusals[403],
            429: refusals[429],
          },
        },
        post: {
          operationId: 'signUp',
          summary: 'Sign somebody up; they are asked to confirm (scope subscribers:write)',
          parameters: [idempotency],
          requestBody: { required: true, content: json('SignUp') },
          responses: { 202: { description: 'Taken', content: json('SignUpTaken') }, ...refusals },
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'simmer api-key create' } },
      schemas: {
        Event: schema(eventBody, 'input'),
        EventRecorded: schema(eventAnswer),
        Outcome: schema(outcomeBody, 'input'),
        OutcomeRecorded: schema(outcomeAnswer),
        SignUp: schema(subscriberBody, 'input'),
        SignUpTaken: schema(signUpAnswer),
        Subscriber: schema(subscriberAnswer),
        Problem: schema(problemAnswer),
      },
    },
  };
}
