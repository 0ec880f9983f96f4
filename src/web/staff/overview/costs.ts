import type { FastifyInstance } from 'fastify';
import { cut } from '../../../domain/text.ts';
import { setCost } from '../../../journey/staff/set-cost.ts';
import type { WebContext } from '../../context.ts';
import { numberFormat } from '../number-format.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';

type CostForm = Partial<Record<'month' | 'amount' | 'note', string>>;

const LONGEST_NOTE = 200;

/** What the programme costs, by month: the divisor's other half of "cost per customer". */
export function staffCosts(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context, ['marketer']);
  const { overview } = context.database.stores;

  app.get<{ Querystring: { saved?: string } }>('/staff/costs', { preHandler }, async (request, reply) => {
    const now = context.now().toISOString().slice(0, 7);
    return show(request, reply, { month: now, isSaved: request.query.saved === 'yes' });
  });

  app.post<{ Body: CostForm }>('/staff/costs', { preHandler }, async (request, reply) => {
    const { month = '', amount = '', note = '' } = request.body;
    const read = readAmount(String(amount));
    const isMonth = /^20\d\d-(0[1-9]|1[0-2])$/.test(String(month));
    if (!isMonth || read === null) {
      const problem = isMonth ? 'amount' : 'month';
      return show(request, reply.code(422), { month, amount, note, problem });
    }
    const staffEmail = request.staff!.member.email;
    const cost = {
      month: `${month}-01`,
      amount: read,
      note: cut(String(note).trim(), LONGEST_NOTE),
    };
    await setCost(context, { ...cost, staffEmail }, context.now());
    return reply.redirect('/staff/costs?saved=yes', 303);
  });

  async function show(
    request: Parameters<typeof showStaffPage>[1],
    reply: Parameters<typeof showStaffPage>[2],
    form: Record<string, unknown>,
  ) {
    const words = numberFormat(staffLanguage(context, request), context.programme.currency);
    const costs = await overview.costs();
    return showStaffPage(context, request, reply, 'costs', {
      form,
      currency: context.programme.currency,
      costs: costs.map((cost) => ({
        ...cost,
        monthInWords: words.month(cost.month),
        amountInWords: words.money(cost.amount),
      })),
    });
  }
}

/** "1250", "1.250,50", "1,250.50": the last separator is the decimal one when one or two digits follow it. */
export function readAmount(written: string): number | null {
  const text = written.replace(/[\s'€$£]/g, '');
  if (!/^\d[\d.,]*$/.test(text)) return null;
  const decimals = /[.,](\d{1,2})$/.exec(text);
  const whole = (decimals ? text.slice(0, decimals.index) : text).replace(/[.,]/g, '');
  const amount = Number(`${whole}.${decimals?.[1] ?? '0'}`);
  return Number.isFinite(amount) && amount < 1e10 ? amount : null;
}
