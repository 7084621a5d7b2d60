using System.Globalization;

namespace Gateway.JsonSchema.Compiler;

/// <summary>
/// A dynamic scope, reduced to what dynamic references can see of it: for each ambiguous dynamic anchor the outermost resource that defines
/// it. Nodes are compiled per scope, so that at run time every dynamic reference is an ordinary one and no scope is kept.
/// </summary>
internal sealed class DynamicScope(int number, Dictionary<string, SchemaPlace> outermost)
{
    public int Number { get; } = number;

    public IReadOnlyDictionary<string, SchemaPlace> Outermost { get; } = outermost;
}

/// <summary>The scopes that one compilation meets; equal ones are the same object.</summary>
internal sealed class DynamicScopes(ResourceIndex index)
{
    private readonly Dictionary<string, DynamicScope> _scopes = new(StringComparer.Ordinal) { [""] = new DynamicScope(0, []) };

    public DynamicScope Empty => _scopes[""];

    /// <summary>The scope after entering a resource: it binds the anchors that no outer resource has bound.</summary>
    public DynamicScope Enter(DynamicScope scope, Resource resource)
    {
        Dictionary<string, SchemaPlace>? bindings = null;
        foreach (var (anchor, row) in resource.DynamicAnchors)
        {
            if (index.IsAmbiguous(anchor) && !scope.Outermost.ContainsKey(anchor))
            {
                bindings ??= new Dictionary<string, SchemaPlace>(scope.Outermost, StringComparer.Ordinal);
                bindings[anchor] = new SchemaPlace(resource, row);
            }
        }

        return bindings is null ? scope : Intern(bindings);
    }

    private DynamicScope Intern(Dictionary<string, SchemaPlace> bindings)
    {
        var key = string.Join(' ', bindings
            .OrderBy(binding => binding.Key, StringComparer.Ordinal)
            .Select(binding => string.Create(CultureInfo.InvariantCulture, $"{binding.Key}={binding.Value.Resource.Number}")));
        if (!_scopes.TryGetValue(key, out var scope))
        {
            _scopes[key] = scope = new DynamicScope(_scopes.Count, bindings);
        }

        return scope;
    }
}
