// Writes idna.bin: what RFC 5892, RFC 5893 and RFC 3492 need to know of code points, beyond what unicode.bin holds.
// Run: node generate.mjs   (perl is asked for bidirectional class, joining type and combining class, which no regular expression of node knows)
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { boundariesOf, encode } from '../../Patterns/tables/tables.mjs';

const perl = property => {
    const script = `my $on = 0; for my $c (0 .. 0x110000) {
        my $is = $c < 0x110000 && !($c >= 0xD800 && $c < 0xE000) && chr($c) =~ /\\p{${property}}/ ? 1 : 0;
        if ($is != $on) { print "$c\\n"; $on = $is; } }`;
    const text = execFileSync('perl', ['-e', script], { encoding: 'utf8' });
    return text.trim().split('\n').map(Number);
};

// RFC 5892 section 2.6
const validByException = new Set([0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007]);
const disallowedByException = new Set([0x640, 0x7fa, 0x302e, 0x302f, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303b]);
const between = (codePoint, ...ranges) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to);

// RFC 5892 section 3, in its order. Code points that need a context rule are not in this set.
const isValid = codePoint => {
    const text = String.fromCodePoint(codePoint);
    if (validByException.has(codePoint)) return true;
    if (disallowedByException.has(codePoint) || /\p{Cn}/u.test(text)) return false;
    if (/[-a-z0-9]/.test(text)) return true;
    if (between(codePoint, [0x200c, 0x200d], [0xb7, 0xb7], [0x375, 0x375], [0x5f3, 0x5f4], [0x30fb, 0x30fb], [0x660, 0x669], [0x6f0, 0x6f9])) return false;
    if (/[\p{Changes_When_NFKC_Casefolded}\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Noncharacter_Code_Point}]/u.test(text)) return false;
    if (between(codePoint, [0x20d0, 0x20ff], [0x1d100, 0x1d1ff], [0x1d200, 0x1d24f])) return false;
    if (between(codePoint, [0x1100, 0x11ff], [0xa960, 0xa97c], [0xd7b0, 0xd7c6], [0xd7cb, 0xd7fb])) return false;
    return /[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]/u.test(text);
};

const tables = [
    { names: ['valid'], boundaries: boundariesOf(isValid) },
    { names: ['virama'], boundaries: perl('ccc=9') },
    ...['D', 'L', 'R', 'T'].map(type => ({ names: [`jt=${type}`], boundaries: perl(`jt=${type}`) })),
    ...['L', 'R', 'AL', 'AN', 'EN', 'ES', 'CS', 'ET', 'ON', 'BN', 'NSM'].map(type => ({ names: [`bc=${type}`], boundaries: perl(`bc=${type}`) })),
];
const bytes = encode(tables);
writeFileSync(new URL('idna.bin', import.meta.url), bytes);
console.log(`${tables.length} tables, ${bytes.length} bytes`);
