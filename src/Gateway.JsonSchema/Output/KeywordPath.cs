using System.Globalization;
using System.Text;
using Gateway.JsonSchema.Compiler;
using Gateway.JsonSchema.Plans;

namespace Gateway.JsonSchema.Output;

/// <summary>The keywords that led from the root of the schema to the current node, written out only when a violation is found.</summary>
internal sealed class KeywordPath
{
    private Part[] _parts = new Part[32];
    private int _count;
    private int _references;

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

    /// <summary>Where the keyword was met, along the references followed.</summary>
    public string Location(Keyword? keyword)
    {
        var text = new StringBuilder();
        foreach (var part in _parts.AsSpan(0, _count))
        {
            part.AppendTo(text);
        }

        return Append(text, keyword).ToString();
    }

    /// <summary>The keyword's own place; <see langword="null"/> where that is the same and there is no URI to say it with.</summary>
    public string? AbsoluteLocation(Node node, Keyword? keyword)
    {
        var (resource, row) = (node.Place.Resource, node.Place.Row);
        if (resource.Uri.Length == 0 && _references == 0)
        {
            return null;
        }

        var pointer = Append(new StringBuilder(resource.Document.PointerTo(row, resource.Row)), keyword).ToString();
        return resource.Uri + "#" + EscapeFragment(pointer);
    }

    private static StringBuilder Append(StringBuilder text, Keyword? keyword) =>
        keyword is { } name ? text.Append('/').Append(Keywords.NameOf(name)) : text;

    private static bool IsReference(Keyword keyword) => keyword is Keyword.Ref or Keyword.DynamicRef or Keyword.RecursiveRef;

    // RFC 3986 section 3.5: what may not stand in a fragment is percent-encoded.
    private static string EscapeFragment(string pointer)
    {
        const string allowed = "-._~!$&'()*+,;=:@/?";
        if (pointer.All(c => char.IsAsciiLetterOrDigit(c) || allowed.Contains(c, StringComparison.Ordinal)))
        {
            return pointer;
        }

        var escaped = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(pointer))
        {
            var plain = char.IsAsciiLetterOrDigit((char)unit) || allowed.Contains((char)unit, StringComparison.Ordinal);
            _ = plain ? escaped.Append((char)unit) : escaped.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
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
