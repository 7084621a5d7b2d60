namespace Gateway.JsonSchema.Patterns.Unicode;

/// <summary>The sets behind <c>\d</c>, <c>\w</c>, <c>\s</c>, <c>.</c> and <c>\p{..}</c> of ECMA-262.</summary>
internal static class UnicodeProperties
{
    private static readonly Lazy<CodePointTables> Tables = new(() => CodePointTables.Load("unicode.bin"));

    internal static CodePointSet Digit { get; } = new(['0', '9' + 1]);

    internal static CodePointSet Word { get; } = new(['0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1]);

    /// <summary>WhiteSpace and LineTerminator of ECMA-262 sections 12.2 and 12.3.</summary>
    internal static CodePointSet Space { get; } = new(
        [0x9, 0xE, 0x20, 0x21, 0xA0, 0xA1, 0x1680, 0x1681, 0x2000, 0x200B, 0x2028, 0x202A, 0x202F, 0x2030, 0x205F, 0x2060, 0x3000, 0x3001, 0xFEFF, 0xFF00]);

    /// <summary>What <c>.</c> stands for without the <c>s</c> flag: everything but LineTerminator.</summary>
    internal static CodePointSet Dot { get; } = new CodePointSet([0xA, 0xB, 0xD, 0xE, 0x2028, 0x202A]).Complement;

    internal static bool IsIdentifierStart(int codePoint) =>
        codePoint is '$' or '_' || Tables.Value.Get("is=ID_Start").Contains(codePoint);

    internal static bool IsIdentifierPart(int codePoint) =>
        codePoint is '$' or 0x200C or 0x200D || Tables.Value.Get("is=ID_Continue").Contains(codePoint);

    /// <summary>Looks up what stands between the braces of <c>\p{..}</c>; names are told apart by case, as ECMA-262 demands.</summary>
    /// <returns><see langword="null"/> where ECMA-262 knows no such property or value.</returns>
    internal static CodePointSet? Find(string name, string? value) => (name, value) switch
    {
        (_, null) => Tables.Value.Find("gc=" + name) ?? Tables.Value.Find("is=" + name),
        ("General_Category" or "gc", _) => Tables.Value.Find("gc=" + value),
        ("Script" or "sc", _) => Tables.Value.Find("sc=" + value),
        ("Script_Extensions" or "scx", _) => FindScriptExtensions(value),
        _ => null,
    };

    // Only the scripts whose extensions differ have a table of extensions, and it is under the script's short name.
    private static CodePointSet? FindScriptExtensions(string script) =>
        Tables.Value.Find("sc=" + script) is { } set ? Tables.Value.Find("scx=" + Tables.Value.KeyOf("sc=" + script)[3..]) ?? set : null;
}
