// Runs ajv over the six benchmark schemas and prints how much faster this validator is on the same bytes.
//
//   npm install --prefix tests/Gateway.Benchmarks/Schemas/ajv
//   node tests/Gateway.Benchmarks/Schemas/ajv/compare.mjs
//
// ajv is timed at its best: the text is already a JavaScript string, formats are annotations. The two take turns in short rounds, so that a
// busy machine disturbs one as much as the other; the best round of each counts, and the median of the ratios of neighbouring rounds is
// printed beside it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';

const names = ['approval', 'payment', 'order', 'webhook', 'form', 'series'];
const rounds = 400;
const roundNanoseconds = 2_000_000n;
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

/** Warms up; what it returns times one round and answers with nanoseconds for one call. */
function subject(action) {
  const start = process.hrtime.bigint();
  while (process.hrtime.bigint() - start < warmUpNanoseconds) action();
  let count = 1;
  while (time(action, count) < roundNanoseconds) count *= 2;
  return () => Number(time(action, count)) / count;
}

function startOurs() {
  execFileSync('dotnet', ['build', '-c', 'Release', project], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ours = spawn('dotnet', ['run', '-c', 'Release', '--no-build', '--project', project, '--', 'rounds'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: ours.stdout })[Symbol.asyncIterator]();
  return {
    round: async name => {
      ours.stdin.write(`${name}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('The validator has ended.');
      return Number(value);
    },
    end: () => ours.stdin.end(),
  };
}

const data = findData();
const ours = startOurs();
console.log('schema      ajv ns (JSON.parse + validate)   ours ns (bytes to verdict)   ratio of best   median ratio');
for (const name of names) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(join(data, name, 'schema.json'), 'utf8')));
  const text = readFileSync(join(data, name, 'valid-1.json'), 'utf8');
  if (!validate(JSON.parse(text))) throw new Error(`ajv finds ${name} invalid`);
  const theirs = subject(() => validate(JSON.parse(text)));
  await ours.round(name);
  let [bestOfTheirs, bestOfOurs] = [Infinity, Infinity];
  const ratios = [];
  for (let i = 0; i < rounds; i++) {
    const [their, our] = [theirs(), await ours.round(name)];
    bestOfTheirs = Math.min(bestOfTheirs, their);
    bestOfOurs = Math.min(bestOfOurs, our);
    ratios.push(their / our);
  }

  const median = ratios.sort((a, b) => a - b)[rounds / 2];
  console.log(`${name.padEnd(10)} ${bestOfTheirs.toFixed(0).padStart(32)} ${bestOfOurs.toFixed(0).padStart(28)} ${(bestOfTheirs / bestOfOurs).toFixed(1).padStart(15)} ${median.toFixed(1).padStart(14)}`);
}

ours.end();
