import { writeFile } from 'node:fs/promises';
import { documents } from './documents.ts';

/** `npm run reference`: writes the AsyncAPI and OpenAPI documents beside this file. */
for (const [name, text] of documents()) {
  await writeFile(new URL(name, import.meta.url), text);
}
