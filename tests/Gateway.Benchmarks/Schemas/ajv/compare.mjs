// Runs ajv over the six benchmark schemas and prints how much faster this validator is on the same bytes.
//
//   npm install --prefix tests/Gateway.Benchmarks/Schemas/ajv
//   node tests/Gateway.Benchmarks/Schemas/ajv/compare.mjs
//
// ajv is timed at its best: the text is already a JavaScript string, formats are annotations, and the best round counts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';

const rounds = 200;
const roundNanoseconds = 5_000_000n;
const warmUpNanoseconds = 2_000_000_000n;
const here = dirname(fileURLToPath(import.meta.url));
const project = resolve(here, '..', '..');

function findData() {
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'shared', 'bench-schemas');
    if (existsSync(candidate)) return candidate;
  }
  throw new Error('There is no folder shared/bench-schemas beside the checkout.');
}

function time(action, count) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) action();
  return process.hrtime.bigint() - start;
}

function measure(action) {
  const start = process.hrtime.bigint();
  while (process.hrtime.bigint() - start < warmUpNanoseconds) action();
  let count = 1;
  while (time(action, count) < roundNanoseconds) count *= 2;
  let best = time(action, count);
  for (let i = 1; i < rounds; i++) {
    const next = time(action, count);
    if (next < best) best = next;
  }
  return Number(best) / count;
}

const dotnet = spawnSync('dotnet', ['run', '-c', 'Release', '--project', project, '--', 'times'], { encoding: 'utf8' });
if (dotnet.status !== 0) throw new Error(dotnet.stdout + dotnet.stderr);
const ours = JSON.parse(dotnet.stdout.trim().split('\n').pop());

const data = findData();
console.log('schema      ajv ns (JSON.parse + validate)   ours ns (bytes to verdict)   ratio');
for (const name of Object.keys(ours)) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(join(data, name, 'schema.json'), 'utf8')));
  const text = readFileSync(join(data, name, 'valid-1.json'), 'utf8');
  if (!validate(JSON.parse(text))) throw new Error(`ajv finds ${name} invalid`);
  const theirs = measure(() => validate(JSON.parse(text)));
  const mine = ours[name].validate;
  console.log(`${name.padEnd(10)} ${theirs.toFixed(0).padStart(32)} ${mine.toFixed(0).padStart(28)} ${(theirs / mine).toFixed(1).padStart(7)}`);
}
