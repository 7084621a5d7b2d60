namespace Gateway.JsonSchema;

/// <summary>Why a sequence of bytes is not accepted as one JSON value.</summary>
public enum JsonProblemKind
{
    /// <summary>The grammar of RFC 8259 is broken, or there is something after the value.</summary>
    Malformed,

    /// <summary>A byte sequence is not UTF-8 (RFC 3629: over-long forms, surrogates, beyond U+10FFFF, cut off).</summary>
    InvalidUtf8,

    /// <summary>A <c>\uD800</c>-<c>\uDFFF</c> escape without its other half: no Unicode text can hold it.</summary>
    LoneSurrogate,

    /// <summary>One object has the same member name twice (compared after unescaping).</summary>
    DuplicateName,

    /// <summary>Arrays and objects are nested deeper than <see cref="JsonLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>One object has more than <see cref="JsonLimits.MaxMembers"/> members.</summary>
    TooManyMembers,

    /// <summary>A number's exponent has more than 18 significant digits; RFC 8259 section 6 lets a reader bound the range.</summary>
    ExponentTooLarge,
}

/// <summary>The first thing that keeps the bytes from being one JSON value.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="BytePosition">Zero-based position in the bytes as they were given, a byte order mark included.</param>
/// <param name="Message">One English sentence that never quotes the input.</param>
public sealed record JsonProblem(JsonProblemKind Kind, long BytePosition, string Message);

/// <summary>Bounds of the JSON reader.</summary>
public sealed record JsonLimits
{
    /// <summary>The limits that apply when none are given.</summary>
    public static JsonLimits Default { get; } = new();

    /// <summary>How many arrays and objects may be open at once. Default 64, range 1 to 1,000.</summary>
    public int MaxDepth
    {
        get;
        init => field = value is >= 1 and <= 1_000 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }
        = 64;

    /// <summary>How many members one object may have. Default 10,000, range 1 to 1,000,000.</summary>
    public int MaxMembers
    {
        get;
        init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }
        = 10_000;
}
