using System.Buffers;
using System.Text.Json;
using Gateway.Http.Bodies;
using Gateway.JsonSchema;

namespace Gateway.Registration;

/// <summary>
/// A batch that is checked item by item while it is bound: a check of the whole would need memory of several times its size. The
/// items of a batch mostly share one schema, and a text that was checked before is not checked again.
/// </summary>
/// <remarks>
/// Only tells whether all is well. Anything else, even a batch that is merely spelled unusually, is checked and bound again as
/// any other document, which then finds what is wrong.
/// </remarks>
internal sealed class BatchDocument(ReadOnlyMemory<byte> utf8) : RawDocument(utf8)
{
    /// <summary>An item stands in an array in an object.</summary>
    private static readonly JsonLimits ItemLimits = new() { MaxDepth = JsonLimits.Default.MaxDepth - 2 };

    private bool isSound = true;
    private int behind;
    private int cut;
    private int cutLength;

    public static RequestRead<BatchRequest> Bind(ReadOnlyMemory<byte> utf8, JsonSerializerOptions options)
    {
        var document = new BatchDocument(utf8);
        var bound = RequestBinder.BindChecked<BatchRequest>(document, options);
        return document.IsSound ? bound : RequestBinder.Bind<BatchRequest>(utf8, options);
    }

    private bool IsSound
    {
        get
        {
            var tail = Utf8.Span[behind..];
            return isSound && behind > 0 && Skip(ref tail, "]"u8) && Skip(ref tail, "}"u8) && SkipSpace(tail).IsEmpty;
        }
    }

    /// <summary>An item begins.</summary>
    public void Begin(int start)
    {
        var between = Utf8.Span[behind..start];
        isSound = isSound && (behind > 0
            ? Skip(ref between, ","u8)
            : Skip(ref between, "{"u8) && Skip(ref between, "\"activities\""u8) && Skip(ref between, ":"u8) && Skip(ref between, "["u8));
        isSound = isSound && SkipSpace(between).IsEmpty;
        cutLength = 0;
    }

    /// <summary>An item is bound.</summary>
    public void End(int start, int end)
    {
        behind = end;
        if (isSound)
        {
            var item = Utf8.Span[start..end];
            isSound = cutLength == 0 ? StrictJson.Check(item, ItemLimits) is null : CheckAround(item, cut - start);
        }
    }

    protected override void Repeated(int start, int length) => (cut, cutLength) = (start, length);

    /// <summary>Checks an item with a number in place of the value that is known.</summary>
    private bool CheckAround(ReadOnlySpan<byte> item, int known)
    {
        var length = item.Length - cutLength + 1;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        item[..known].CopyTo(rented);
        rented[known] = (byte)'0';
        item[(known + cutLength)..].CopyTo(rented.AsSpan(known + 1));
        var problem = StrictJson.Check(rented.AsSpan(0, length), ItemLimits);
        ArrayPool<byte>.Shared.Return(rented);
        return problem is null;
    }

    private static bool Skip(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> token)
    {
        text = SkipSpace(text);
        var found = text.StartsWith(token);
        text = found ? text[token.Length..] : text;
        return found;
    }

    private static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8);
}
