using BenchmarkDotNet.Attributes;

namespace Gateway.Benchmarks.Schemas;

/// <summary>An invalid instance with all its violations, against the valid instance of the same schema.</summary>
[Config(typeof(InProcessShort))]
public class InvalidBenchmarks
{
    private JsonSchema.JsonSchema _schema = null!;
    private byte[] _valid = [];
    private byte[] _invalid = [];

    [ParamsSource(nameof(Schemas))]
    public string Schema { get; set; } = "";

    public static IEnumerable<string> Schemas => BenchData.Names;

    [GlobalSetup]
    public void Prepare() =>
        (_schema, _valid, _invalid) = (BenchData.Compile(Schema), BenchData.Valid(Schema), BenchData.Invalid(Schema)[0]);

    [Benchmark(Baseline = true)]
    public object ValidateValid() => _schema.Validate(_valid);

    [Benchmark]
    public object ValidateInvalid() => _schema.Validate(_invalid);
}
