using System.Buffers;
using Gateway.JsonSchema.Patterns.Unicode;

namespace Gateway.JsonSchema.Patterns.Direct;

/// <summary>How a <see cref="Segment"/> is read.</summary>
internal enum SegmentKind : byte
{
    /// <summary>Fixed text.</summary>
    Literal,

    /// <summary>A fixed number of ASCII characters of a set.</summary>
    AsciiTimes,

    /// <summary>A fixed number of code points of a set.</summary>
    CodePointTimes,

    /// <summary>As many code points of a set as there are.</summary>
    Run,
}

/// <summary>A part of a pattern that can be read without ever going back: some code points of one set.</summary>
internal sealed class Segment
{
    private const int FirstBeyondAscii = 0x80;
    private const int FirstLead = 0xC0;
    private const int Bytes = 0x100;

    private readonly SegmentKind _kind;
    private readonly CodePointSet _set;
    private readonly byte[] _literal = [];
    private readonly bool[] _isMember = new bool[Bytes];
    private readonly SearchValues<byte>? _certain;

    internal Segment(CodePointSet set, int min, int max)
    {
        (_set, Min, Max) = (set, min, max);
        IsAsciiOnly = set.IsEmpty || set.Boundaries[^1] <= FirstBeyondAscii;
        _kind = min < max ? SegmentKind.Run : IsAsciiOnly ? SegmentKind.AsciiTimes : SegmentKind.CodePointTimes;
        for (var value = 0; value < FirstBeyondAscii; value++)
        {
            _isMember[value] = set.Contains(value);
        }

        _certain = min < max ? CertainBytes(set) : null;
    }

    internal Segment(byte[] literal)
    {
        (_literal, _kind, _set, IsAsciiOnly) = (literal, SegmentKind.Literal, CodePointSet.Empty, true);
        Min = Max = literal.Length;
    }

    internal int Min { get; }

    internal int Max { get; }

    internal bool IsAsciiOnly { get; }

    /// <summary>Reads the segment where <paramref name="rest"/> begins and moves it on; answers whether it was there.</summary>
    internal bool TryRead(ref ReadOnlySpan<byte> rest)
    {
        switch (_kind)
        {
            case SegmentKind.Literal:
                if (!rest.StartsWith(_literal))
                {
                    return false;
                }

                rest = rest[_literal.Length..];
                return true;
            case SegmentKind.AsciiTimes:
                return TryReadAscii(ref rest);
            case SegmentKind.CodePointTimes:
                return TryReadCodePoints(ref rest);
            default:
                return TryReadRun(ref rest);
        }
    }

    /// <summary>
    /// The bytes that cannot end a run: members of ASCII, first bytes that only members begin with, and the bytes that follow a first byte.
    /// </summary>
    private static SearchValues<byte> CertainBytes(CodePointSet set)
    {
        var certain = new List<byte>();
        for (var value = 0; value < Bytes; value++)
        {
            if (value is >= FirstBeyondAscii and < FirstLead || (value < FirstBeyondAscii ? set.Contains(value) : ContainsAllFrom(set, value)))
            {
                certain.Add((byte)value);
            }
        }

        return SearchValues.Create([.. certain]);
    }

    private static bool ContainsAllFrom(CodePointSet set, int lead)
    {
        var length = Utf8.LengthFrom(lead);
        var first = (lead & (0x7F >> length)) << (6 * (length - 1));
        var end = first + (1 << (6 * (length - 1)));
        return first < CodePointSet.Limit && !set.Complement.Overlaps(new CodePointSet([first, Math.Min(end, CodePointSet.Limit)]));
    }

    private bool TryReadAscii(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < Min)
        {
            return false;
        }

        var isMember = _isMember;
        foreach (var value in rest[..Min])
        {
            if (!isMember[value])
            {
                return false;
            }
        }

        rest = rest[Min..];
        return true;
    }

    private bool TryReadCodePoints(ref ReadOnlySpan<byte> rest)
    {
        var at = 0;
        for (var count = 0; count < Min; count++)
        {
            if (at == rest.Length || !_set.Contains(Utf8.ReadForward(rest, ref at)))
            {
                return false;
            }
        }

        rest = rest[at..];
        return true;
    }

    /// <summary>What goes past the greatest number cannot match: what follows the segment shares no character with it.</summary>
    private bool TryReadRun(ref ReadOnlySpan<byte> rest)
    {
        var length = LengthOfRun(rest);
        var run = rest[..length];
        rest = rest[length..];

        // A code point takes one to four bytes, so counting them is seldom needed.
        if (length <= Max && (length >= Min * 4L || (Min == 1 && length > 0)))
        {
            return true;
        }

        var count = IsAsciiOnly ? length : Utf8.Count(run);
        return count >= Min && count <= Max;
    }

    /// <summary>How many bytes of members there are where <paramref name="rest"/> begins; for segments of variable length.</summary>
    internal int LengthOfRun(ReadOnlySpan<byte> rest)
    {
        for (var at = 0; ;)
        {
            var skipped = rest[at..].IndexOfAnyExcept(_certain!);
            if (skipped < 0)
            {
                return rest.Length;
            }

            at += skipped;
            var next = at;
            if (rest[at] < FirstBeyondAscii || !_set.Contains(Utf8.ReadForward(rest, ref next)))
            {
                return at;
            }

            at = next;
        }
    }
}
