// Writes unicode.bin: the code points of every property that \p{..} of ECMA-262 knows, as node's own engine answers them.
// Run: node generate.mjs   (its Unicode version becomes ours: node -p process.versions.unicode)
import { writeFileSync } from 'node:fs';
import { boundariesOf, encode } from './tables.mjs';
import { binaryProperties, generalCategories, scripts } from './names.mjs';

const tableOf = (names, expression) => {
    const regExp = new RegExp(`^${expression}$`, 'u');
    return { names, boundaries: boundariesOf(codePoint => regExp.test(String.fromCodePoint(codePoint))) };
};
const same = (one, other) => one.boundaries.join() === other.boundaries.join();

// Every alias must be known to node and mean the same.
const checkAliases = (property, names) => {
    for (const name of names) new RegExp(`\\p{${property}${name}}`, 'u');
};

const tables = [];
for (const names of generalCategories) {
    checkAliases('gc=', names);
    tables.push(tableOf([`gc=${names[0]}`, ...names.slice(1)], `\\p{gc=${names[0]}}`));
}

for (const names of scripts) {
    checkAliases('sc=', names);
    const script = tableOf([`sc=${names[0]}`, ...names.slice(1)], `\\p{sc=${names[0]}}`);
    const extensions = tableOf([`scx=${names[0]}`], `\\p{scx=${names[0]}}`);
    tables.push(script);
    if (!same(script, extensions)) tables.push(extensions);
}

for (const names of binaryProperties) {
    checkAliases('', names);
    tables.push(tableOf([`is=${names[0]}`, ...names.slice(1)], `\\p{${names[0]}}`));
}

const bytes = encode(tables);
writeFileSync(new URL('unicode.bin', import.meta.url), bytes);
console.log(`Unicode ${process.versions.unicode}: ${tables.length} tables, ${bytes.length} bytes`);
