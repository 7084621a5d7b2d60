using System.Globalization;
using System.Text;

namespace Gateway.Benchmarks.Load;

/// <summary>Distinct bodies of one shape: the same value with a number, or with white space behind it that spells one.</summary>
internal sealed class Bodies
{
    private const int Bits = 24;
    private readonly byte[]? fixedValue;

    private Bodies(byte[]? fixedValue, string? schema) => (this.fixedValue, Schema) = (fixedValue, schema);

    public string? Schema { get; }

    public static Bodies For(LoadOptions options) => options.SchemaFolder is not { } folder
        ? new Bodies(null, null)
        : new Bodies(File.ReadAllBytes(Path.Combine(folder, "valid-1.json")), File.ReadAllText(Path.Combine(folder, "schema.json")));

    /// <summary>A call for each activity that completes it.</summary>
    public List<byte[]> Completions(Server gateway, IEnumerable<(string Token, string Id)> activities) =>
        [.. activities.Select((activity, index) => Connection.Request("POST", $"/activities/{activity.Token}/complete", Body(index), gateway.Address))];

    public byte[] Body(int index)
    {
        if (fixedValue is null)
        {
            return Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $$"""{"chargeId":"ch_{{index:D9}}","amount":129.90,"currency":"EUR","captured":true,"note":"load"}"""));
        }

        var body = new byte[fixedValue.Length + Bits];
        fixedValue.CopyTo(body, 0);
        for (var bit = 0; bit < Bits; bit++)
        {
            body[fixedValue.Length + bit] = (index >> bit & 1) == 0 ? (byte)' ' : (byte)'\t';
        }

        return body;
    }
}
