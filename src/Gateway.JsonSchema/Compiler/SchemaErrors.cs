namespace Gateway.JsonSchema.Compiler;

/// <summary>Collects why a schema is refused, up to a bound. Places in other documents than the declared one are named by message only.</summary>
internal sealed class SchemaErrors(SchemaDocument declared, int maximum)
{
    private readonly List<SchemaError> _errors = [];
    private readonly HashSet<int> _rows = [];

    public bool Any => _errors.Count > 0;

    public CompileResult.Refused ToRefusal() => new([.. _errors]);

    public void Add(SchemaDocument document, int row, string message)
    {
        var here = document == declared;

        // Specialised nodes of one place would repeat its error.
        if (_errors.Count < maximum && (!here || _rows.Add(row)))
        {
            _errors.Add(new SchemaError(here ? document.PointerTo(row) : "", here ? message : $"In a referenced document: {message}"));
        }
    }

    public void Add(string location, string message)
    {
        if (_errors.Count < maximum)
        {
            _errors.Add(new SchemaError(location, message));
        }
    }

    /// <summary>Enough of a text from the schema to recognise it by.</summary>
    public static string Excerpt(string text) => text.Length <= 120 ? text : text[..120] + "...";
}
