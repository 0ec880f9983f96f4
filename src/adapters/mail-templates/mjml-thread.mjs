// MJML in a thread of its own: see compile-mjml.ts. Plain JavaScript, so that it needs no loader.
import { parentPort } from 'node:worker_threads';
import mjml2html from 'mjml';

parentPort.on('message', async ({ number, source, file, folder, colours }) => {
  const unknown = [];
  const fillColours = (text) =>
    text.replace(/\$([a-z][a-z-]*)/g, (place, name) => {
      if (colours[name] === undefined) unknown.push(place);
      return colours[name] ?? '#000000';
    });
  try {
    const { html } = await mjml2html(source, {
      validationLevel: 'strict',
      filePath: file,
      actualPath: file,
      ignoreIncludes: false,
      includePath: folder,
      preprocessors: [fillColours],
      keepComments: false,
      fonts: {},
    });
    parentPort.postMessage({ number, html, unknown });
  } catch (error) {
    const faults = Array.isArray(error.errors)
      ? error.errors.map(({ formattedMessage }) => formattedMessage)
      : [error instanceof Error ? error.message : String(error)];
    parentPort.postMessage({ number, faults });
  }
});
