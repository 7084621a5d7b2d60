// The table format, shared by the generators: for each table a line of names (the first is the key, the others follow after '|'),
// then the boundaries of its code point ranges as differences. A code point is inside when an odd number of boundaries is at or below it.

const varint = value => {
    const bytes = [];
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
    return [...bytes, value];
};

/** @param {(codePoint: number) => boolean} contains */
export const boundariesOf = contains => {
    const boundaries = [];
    let inside = false;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
        if (contains(codePoint) !== inside) {
            boundaries.push(codePoint);
            inside = !inside;
        }
    }
    return inside ? [...boundaries, 0x110000] : boundaries;
};

/** @param {{names: string[], boundaries: number[]}[]} tables */
export const encode = tables => Buffer.from(tables.flatMap(({ names, boundaries }) => {
    const name = [...Buffer.from(names.join('|'), 'ascii')];
    const data = boundaries.flatMap((boundary, i) => varint(boundary - (i ? boundaries[i - 1] : 0)));
    return [...varint(name.length), ...name, ...varint(boundaries.length), ...varint(data.length), ...data];
}));
