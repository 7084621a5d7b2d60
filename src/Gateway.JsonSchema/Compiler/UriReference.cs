namespace Gateway.JsonSchema.Compiler;

/// <summary>
/// URI references by RFC 3986, as text: <see cref="Uri"/> would rewrite what it reads, and two spellings of a schema's name are two names.
/// </summary>
internal static class UriReference
{
    /// <summary>Splits off the fragment, without its <c>#</c>; empty when there is none.</summary>
    public static (string Uri, string Fragment) Split(string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? (reference, "") : (reference[..hash], reference[(hash + 1)..]);
    }

    /// <summary>RFC 3986 section 5.2, without the fragment. An empty base leaves a relative reference as it is.</summary>
    public static string Resolve(string baseUri, string reference)
    {
        var target = Parts.Of(Split(reference).Uri);
        var source = Parts.Of(baseUri);
        if (target.Scheme is not null)
        {
            return (target with { Path = RemoveDots(target.Path) }).ToString();
        }

        if (target.Authority is not null)
        {
            return (target with { Scheme = source.Scheme, Path = RemoveDots(target.Path) }).ToString();
        }

        if (target.Path.Length == 0)
        {
            return (source with { Query = target.Query ?? source.Query }).ToString();
        }

        var path = target.Path[0] == '/' ? target.Path : Merge(source, target.Path);
        return (source with { Path = RemoveDots(path), Query = target.Query }).ToString();
    }

    /// <summary>Decodes percent-encoding of a fragment as UTF-8.</summary>
    public static string Decode(string fragment) =>
        fragment.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(fragment) : fragment;

    private static string Merge(Parts source, string path) =>
        source.Authority is not null && source.Path.Length == 0
            ? "/" + path
            : source.Path[..(source.Path.LastIndexOf('/') + 1)] + path;

    // Section 5.2.4. Opaque paths (urn:...) have no slash in front and no dots to remove.
    private static string RemoveDots(string path)
    {
        if (!path.Contains("./", StringComparison.Ordinal) && !path.EndsWith('.'))
        {
            return path;
        }

        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            switch (segments[i])
            {
                case "." when last:
                    kept.Add("");
                    break;
                case ".":
                    break;
                case "..":
                    if (kept.Count > 1 || (kept.Count == 1 && kept[0].Length > 0))
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    if (last)
                    {
                        kept.Add("");
                    }

                    break;
                default:
                    kept.Add(segments[i]);
                    break;
            }
        }

        return string.Join('/', kept);
    }

    /// <summary>The components of appendix B, the fragment apart.</summary>
    private readonly record struct Parts(string? Scheme, string? Authority, string Path, string? Query)
    {
        public static Parts Of(string uri)
        {
            string? scheme = null, authority = null, query = null;
            var colon = uri.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && char.IsAsciiLetter(uri[0]) && !uri.AsSpan(0, colon).ContainsAny("/?"))
            {
                (scheme, uri) = (uri[..colon], uri[(colon + 1)..]);
            }

            var mark = uri.IndexOf('?', StringComparison.Ordinal);
            if (mark >= 0)
            {
                (uri, query) = (uri[..mark], uri[(mark + 1)..]);
            }

            if (uri.StartsWith("//", StringComparison.Ordinal))
            {
                var slash = uri.IndexOf('/', 2);
                slash = slash < 0 ? uri.Length : slash;
                (authority, uri) = (uri[2..slash], uri[slash..]);
            }

            return new Parts(scheme, authority, uri, query);
        }

        public override string ToString() =>
            (Scheme is null ? "" : Scheme + ":") + (Authority is null ? "" : "//" + Authority) + Path + (Query is null ? "" : "?" + Query);
    }
}
