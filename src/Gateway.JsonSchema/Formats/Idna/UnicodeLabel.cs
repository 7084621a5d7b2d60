using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats.Idna;

/// <summary>RFC 5891 section 4.2 and RFC 5892: what a U-label may hold. The order of its characters' directions is <see cref="BidiRule"/>'s.</summary>
internal static class UnicodeLabel
{
    private static readonly CodePointSet Mark = UnicodeProperties.Find("M", null)!;
    private static readonly CodePointSet Greek = UnicodeProperties.Find("sc", "Greek")!;
    private static readonly CodePointSet Hebrew = UnicodeProperties.Find("sc", "Hebrew")!;
    private static readonly CodePointSet Japanese = Union(
        UnicodeProperties.Find("sc", "Hiragana")!, UnicodeProperties.Find("sc", "Katakana")!, UnicodeProperties.Find("sc", "Han")!);

    private static readonly CodePointSet JoinsToNext = Union(IdnaTables.JoiningType("L"), IdnaTables.JoiningType("D"));
    private static readonly CodePointSet JoinsToPrevious = Union(IdnaTables.JoiningType("R"), IdnaTables.JoiningType("D"));
    private static readonly CodePointSet Transparent = IdnaTables.JoiningType("T");

    internal static bool IsValid(ReadOnlySpan<int> label)
    {
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-' || label is [_, _, '-', '-', ..] || Mark.Contains(label[0]))
        {
            return false;
        }

        for (var at = 0; at < label.Length; at++)
        {
            if (!IdnaTables.Valid.Contains(label[at]) && !IsAllowedByContext(label, at))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The rules of RFC 5892 appendix A.</summary>
    private static bool IsAllowedByContext(ReadOnlySpan<int> label, int at) => label[at] switch
    {
        0x200C => IsAfterVirama(label, at) || IsBetweenJoining(label, at),
        0x200D => IsAfterVirama(label, at),
        0xB7 => at > 0 && at + 1 < label.Length && label[at - 1] == 'l' && label[at + 1] == 'l',
        0x375 => at + 1 < label.Length && Greek.Contains(label[at + 1]),
        0x5F3 or 0x5F4 => at > 0 && Hebrew.Contains(label[at - 1]),
        0x30FB => HasJapanese(label),
        >= 0x660 and <= 0x669 => !label.ContainsAnyInRange(0x6F0, 0x6F9),
        >= 0x6F0 and <= 0x6F9 => !label.ContainsAnyInRange(0x660, 0x669),
        _ => false,
    };

    private static bool IsAfterVirama(ReadOnlySpan<int> label, int at) => at > 0 && IdnaTables.Virama.Contains(label[at - 1]);

    private static bool IsBetweenJoining(ReadOnlySpan<int> label, int at)
    {
        var (before, after) = (at - 1, at + 1);
        while (before >= 0 && Transparent.Contains(label[before]))
        {
            before--;
        }

        while (after < label.Length && Transparent.Contains(label[after]))
        {
            after++;
        }

        return before >= 0 && after < label.Length && JoinsToNext.Contains(label[before]) && JoinsToPrevious.Contains(label[after]);
    }

    private static bool HasJapanese(ReadOnlySpan<int> label)
    {
        foreach (var codePoint in label)
        {
            if (codePoint != 0x30FB && Japanese.Contains(codePoint))
            {
                return true;
            }
        }

        return false;
    }

    private static CodePointSet Union(params ReadOnlySpan<CodePointSet> sets)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var set in sets)
        {
            set.AddTo(ranges);
        }

        return CodePointSet.FromRanges(ranges);
    }
}
