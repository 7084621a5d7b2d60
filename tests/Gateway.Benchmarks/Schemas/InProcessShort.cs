using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Gateway.Benchmarks.Schemas;

/// <summary>Short runs inside this process: no second build, and baseline and candidate meet the same machine.</summary>
internal sealed class InProcessShort : ManualConfig
{
    public InProcessShort()
    {
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(10));
        AddDiagnoser(MemoryDiagnoser.Default);
    }
}
