using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace Gateway.Benchmarks.Schemas;

/// <summary>Bytes in, verdict out, against reading the same bytes with <see cref="JsonDocument"/>, which knows no schema.</summary>
[Config(typeof(InProcessShort))]
public class ValidationBenchmarks
{
    private JsonSchema.JsonSchema _schema = null!;
    private byte[] _valid = [];

    [ParamsSource(nameof(Schemas))]
    public string Schema { get; set; } = "";

    public static IEnumerable<string> Schemas => BenchData.Names;

    [GlobalSetup]
    public void Prepare() => (_schema, _valid) = (BenchData.Compile(Schema), BenchData.Valid(Schema));

    [Benchmark(Baseline = true)]
    public void ParseWithJsonDocument() => JsonDocument.Parse(_valid).Dispose();

    [Benchmark]
    public object? CheckStrictJson() => JsonSchema.StrictJson.Check(_valid);

    [Benchmark]
    public object Validate() => _schema.Validate(_valid);
}
