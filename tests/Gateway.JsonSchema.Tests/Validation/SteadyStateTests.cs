using System.Text;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Validation;

public sealed class SteadyStateTests
{
    [SharedDataTheory("bench-schemas")]
    [InlineData("approval")]
    [InlineData("payment")]
    [InlineData("order")]
    [InlineData("webhook")]
    [InlineData("form")]
    [InlineData("series")]
    public void A_valid_instance_allocates_nothing_once_the_thread_is_warm(string name)
    {
        var folder = Path.Combine(SharedData.Find("bench-schemas")!, name);
        var schema = Schemas.Compile(File.ReadAllText(Path.Combine(folder, "schema.json")));
        var instance = File.ReadAllBytes(Path.Combine(folder, "valid-1.json"));
        for (var i = 0; i < 50; i++)
        {
            Assert.Same(Verdict.Valid, schema.Validate(instance));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            schema.Validate(instance);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_share_one_schema()
    {
        var schema = Schemas.Compile("""{"properties":{"n":{"type":"integer"}},"required":["n"],"unevaluatedProperties":false}""");
        var good = Encoding.UTF8.GetBytes("""{"n":1}""");
        var bad = Encoding.UTF8.GetBytes("""{"n":"1","m":{}}""");
        Parallel.For(0, 2_000, i =>
        {
            var verdict = schema.Validate(i % 2 == 0 ? good : bad);
            Assert.Equal(i % 2 == 0 ? 0 : 2, verdict.Violations.Count);
        });
    }

    [Fact]
    public void The_cache_shares_by_content_and_options_and_stays_bounded()
    {
        var cache = new SchemaCache(2);
        var first = cache.GetOrCompile("""{"type":"string"}"""u8, SchemaOptions.Default);
        Assert.Same(first, cache.GetOrCompile("""{"type":"string"}"""u8, new SchemaOptions()));
        Assert.NotSame(first, cache.GetOrCompile("""{"type":"string"}"""u8, new SchemaOptions { AssertFormat = true }));
        Assert.Same(first, cache.GetOrCompile("""{"type":"string"}"""u8, SchemaOptions.Default));
        cache.GetOrCompile("""{"type": "string"}"""u8, SchemaOptions.Default);
        Assert.Equal(2, cache.Count);
        Assert.Same(first, cache.GetOrCompile("""{"type":"string"}"""u8, SchemaOptions.Default));
    }
}
