using System.Text.Json;

namespace Gateway.Http.Bodies;

/// <summary>
/// A document while it is bound, for the converters of its raw members: the serializer shows a converter its position but not the
/// text, and parsing each value once more only to get at its text would cost more than all the rest.
/// </summary>
/// <param name="utf8">The text the reader stands in.</param>
internal class RawDocument(ReadOnlyMemory<byte> utf8)
{
    /// <summary>Looking for a repeated text in place of reading it pays from here on.</summary>
    private const int WorthComparing = 64;

    /// <summary>The document under the reader, which is read to its end on one thread.</summary>
    [ThreadStatic]
    private static RawDocument? current;

    private int origin;
    private ReadOnlyMemory<byte> last;
    private int lastDepth;

    public static RawDocument Current => current
        ?? throw new InvalidOperationException("A document with raw members is bound by RawDocument.Bind.");

    protected ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>Binds the document; its converters find it as <see cref="Current"/>.</summary>
    public T? Bind<T>(JsonSerializerOptions options)
    {
        var outer = current;
        current = this;
        try
        {
            return JsonSerializer.Deserialize<T>(utf8.Span, options);
        }
        finally
        {
            current = outer;
        }
    }

    /// <summary>Where the token under the reader begins.</summary>
    public int Start(ref Utf8JsonReader reader) => origin + (int)reader.TokenStartIndex;

    /// <summary>Where the token under the reader ends.</summary>
    public int End(ref Utf8JsonReader reader) => origin + (int)reader.BytesConsumed;

    /// <summary>Puts an earlier copy of the reader in its place.</summary>
    /// <param name="start">What <see cref="Start"/> said of the copy.</param>
    public void GoBack(ref Utf8JsonReader reader, Utf8JsonReader copy, int start)
    {
        reader = copy;
        origin = start - (int)copy.TokenStartIndex;
    }

    /// <summary>Copies the value under the reader and leaves the reader at its end.</summary>
    public RawJson Take(ref Utf8JsonReader reader)
    {
        var start = Start(ref reader);
        var isObject = reader.TokenType is JsonTokenType.StartObject;
        if (isObject && last.Length > 0 && lastDepth == reader.CurrentDepth && utf8.Span[start..].StartsWith(last.Span))
        {
            // An object shows its own end, so what begins with this text is this object: go on at its last brace.
            origin = start + last.Length - 1;
            reader = new Utf8JsonReader(utf8.Span[origin..], reader.IsFinalBlock, reader.CurrentState);
            reader.Read();
            Repeated(start, last.Length);
            return new RawJson(last);
        }

        var depth = reader.CurrentDepth;
        reader.Skip();
        ReadOnlyMemory<byte> text = utf8[start..End(ref reader)].ToArray();
        if (isObject && text.Length >= WorthComparing)
        {
            (last, lastDepth) = (text, depth);
        }

        return new RawJson(text);
    }

    /// <summary>A value was not read, because it is the text of one that was.</summary>
    protected virtual void Repeated(int start, int length)
    {
    }
}
