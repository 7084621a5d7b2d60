using Gateway.JsonSchema.Evaluator;
using Gateway.JsonSchema.Output;

namespace Gateway.JsonSchema.Tape;

/// <summary>
/// The working memory of one validation, kept by the thread between calls: in the steady state nothing is allocated.
/// </summary>
internal sealed class Scratch : IDisposable
{
    [ThreadStatic]
    private static Scratch? _idle;

    private const int KeptText = 1 << 16;

    private byte[] _text = new byte[256];

    public JsonTape Tape { get; } = new();

    public MarkStack Marks { get; } = new();

    /// <summary>For the collecting pass; left empty by it.</summary>
    public KeywordPath Path { get; } = new();

    /// <summary>For the collecting pass.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>A buffer for one unescaped string, valid until the next call.</summary>
    public Span<byte> Text(int length)
    {
        if (_text.Length < length)
        {
            TapePool<byte>.Return(_text);
            _text = TapePool<byte>.Rent(length);
        }

        return _text;
    }

    /// <summary>Takes the thread's idle scratch; a nested call (compilation validates against a meta-schema) gets a new one.</summary>
    public static Scratch Rent()
    {
        var scratch = _idle ?? new Scratch();
        _idle = null;
        return scratch;
    }

    public void Dispose()
    {
        Tape.Trim();
        Marks.Trim();
        Path.Clear();
        Violations.Clear();
        if (_text.Length > KeptText)
        {
            TapePool<byte>.Return(_text);
            _text = TapePool<byte>.Rent(KeptText);
        }

        _idle = this;
    }
}
