using BenchmarkDotNet.Attributes;

namespace Gateway.Benchmarks.Schemas;

/// <summary>Registration of a schema: read, check against the meta-schema, compile. And the same through the cache.</summary>
[Config(typeof(InProcessShort))]
public class CompilationBenchmarks
{
    private readonly JsonSchema.SchemaCache _cache = new(100);
    private byte[] _schema = [];

    [ParamsSource(nameof(Schemas))]
    public string Schema { get; set; } = "";

    public static IEnumerable<string> Schemas => BenchData.Names;

    [GlobalSetup]
    public void Prepare() => _schema = BenchData.Schema(Schema);

    [Benchmark(Baseline = true)]
    public object Compile() => JsonSchema.JsonSchema.Compile(_schema);

    [Benchmark]
    public object GetFromCache() => _cache.GetOrCompile(_schema, JsonSchema.SchemaOptions.Default);
}
