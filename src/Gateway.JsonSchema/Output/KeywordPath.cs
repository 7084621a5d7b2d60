using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Plans;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Output;

/// <summary>The keywords that led from the root of the schema to the current node, written out only when a violation is found.</summary>
internal sealed class KeywordPath
{
    private static readonly SearchValues<char> FragmentCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?");

    private readonly StringBuilder _text = new();
    private Part[] _parts = new Part[16];
    private int _count;
    private int _references;

    public int Depth => _count;

    public void Push(Keyword keyword, int index = -1, byte[]? key = null)
    {
        if (_count == _parts.Length)
        {
            Array.Resize(ref _parts, _count * 2);
        }

        _parts[_count++] = new Part(keyword, index, key);
        _references += IsReference(keyword) ? 1 : 0;
    }

    public void Pop() => _references -= IsReference(_parts[--_count].Keyword) ? 1 : 0;

    public void Clear() => (_count, _references) = (0, 0);

    /// <summary>The place of a value, written with the same buffer.</summary>
    public string InstanceLocation(in JsonView view, int row)
    {
        _text.Clear();
        Output.InstanceLocation.Write(view, row, _text);
        return _text.ToString();
    }

    /// <summary>Where the keyword was met, along the references followed.</summary>
    public string Location(Keyword? keyword)
    {
        _text.Clear();
        foreach (ref readonly var part in _parts.AsSpan(0, _count))
        {
            part.AppendTo(_text);
        }

        return Append(_text, keyword).ToString();
    }

    /// <summary>The keyword's own place; <see langword="null"/> where that is the same and there is no URI to say it with.</summary>
    public string? AbsoluteLocation(Node node, Keyword? keyword)
    {
        if (node.Place.Resource.Uri.Length == 0 && _references == 0)
        {
            return null;
        }

        _text.Clear().Append(node.AbsoluteLocation ??= LocationOf(node));
        return Append(_text, keyword).ToString();
    }

    private static string LocationOf(Node node)
    {
        var (resource, row) = (node.Place.Resource, node.Place.Row);
        return resource.Uri + "#" + EscapeFragment(resource.Document.PointerTo(row, resource.Row));
    }

    private static StringBuilder Append(StringBuilder text, Keyword? keyword) =>
        keyword is { } name ? text.Append('/').Append(Keywords.NameOf(name)) : text;

    private static bool IsReference(Keyword keyword) => keyword is Keyword.Ref or Keyword.DynamicRef or Keyword.RecursiveRef;

    // RFC 3986 section 3.5: what may not stand in a fragment is percent-encoded.
    private static string EscapeFragment(string pointer)
    {
        if (!pointer.AsSpan().ContainsAnyExcept(FragmentCharacters))
        {
            return pointer;
        }

        var escaped = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(pointer))
        {
            _ = FragmentCharacters.Contains((char)unit)
                ? escaped.Append((char)unit) : escaped.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
        }

        return escaped.ToString();
    }

    private readonly record struct Part(Keyword Keyword, int Index, byte[]? Key)
    {
        public void AppendTo(StringBuilder text)
        {
            Append(text, Keyword);
            if (Index >= 0)
            {
                text.Append('/').Append(Index.ToString(CultureInfo.InvariantCulture));
            }
            else if (Key is not null)
            {
                text.Append('/').Append(JsonPointer.Escape(Encoding.UTF8.GetString(Key)));
            }
        }
    }
}
