using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Formats.Idna;

/// <summary>
/// RFC 5893 section 2, for a whole name: where any of its labels is written from right to left, every label must keep the rule.
/// </summary>
internal struct BidiRule
{
    private static readonly CodePointSet[] Classes = [.. Enum.GetNames<Direction>().Select(IdnaTables.BidiClass)];

    private bool _isBidi;
    private bool _isBroken;

    private enum Direction
    {
        L, R, AL, AN, EN, ES, CS, ET, ON, BN, NSM,
    }

    internal readonly bool Holds => !_isBidi || !_isBroken;

    internal void Add(ReadOnlySpan<int> label)
    {
        var seen = 0;
        var first = Of(label[0]);
        var last = first;
        foreach (var codePoint in label)
        {
            var direction = Of(codePoint);
            seen |= Bit(direction);
            last = direction == Direction.NSM ? last : direction;
        }

        _isBidi |= (seen & (Bit(Direction.R) | Bit(Direction.AL) | Bit(Direction.AN))) != 0;
        _isBroken |= !KeepsRule(first, last, seen);
    }

    private static bool KeepsRule(Direction first, Direction last, int seen)
    {
        const int Neutral = 1 << (int)Direction.ES | 1 << (int)Direction.CS | 1 << (int)Direction.ET
            | 1 << (int)Direction.ON | 1 << (int)Direction.BN | 1 << (int)Direction.NSM | 1 << (int)Direction.EN;
        if (first == Direction.L)
        {
            return (seen & ~(Neutral | Bit(Direction.L))) == 0 && last is Direction.L or Direction.EN;
        }

        var bothDigits = Bit(Direction.EN) | Bit(Direction.AN);
        return first is Direction.R or Direction.AL
            && (seen & ~(Neutral | Bit(Direction.R) | Bit(Direction.AL) | Bit(Direction.AN))) == 0
            && last is Direction.R or Direction.AL or Direction.EN or Direction.AN
            && (seen & bothDigits) != bothDigits;
    }

    private static int Bit(Direction direction) => 1 << (int)direction;

    private static Direction Of(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return codePoint == '-' ? Direction.ES : codePoint <= '9' ? Direction.EN : Direction.L;
        }

        for (var direction = Direction.L; direction <= Direction.NSM; direction++)
        {
            if (Classes[(int)direction].Contains(codePoint))
            {
                return direction;
            }
        }

        return Direction.L;
    }
}
