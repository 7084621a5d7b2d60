using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Gateway.Activities;
using Gateway.Benchmarks.Schemas;

namespace Gateway.Benchmarks.HotPath;

/// <summary>A task token checked before any I/O, against the one HMAC that no check can do without.</summary>
[Config(typeof(InProcessShort))]
public class TokenBenchmarks
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(TokenKey.SecretSize);

    private readonly TokenKeyRing _ring = new([new TokenKey(1, Secret)]);
    private readonly TaskToken _claims = new(ActivityId.New(DateTimeOffset.UnixEpoch), Capabilities.All, 0, null);
    private readonly byte[] _mac = new byte[HMACSHA256.HashSizeInBytes];
    private string _genuine = "";
    private string _forged = "";

    [GlobalSetup]
    public void Prepare()
    {
        _genuine = _ring.Issue(_claims);
        _forged = _genuine[..^1] + (_genuine[^1] == 'A' ? 'B' : 'A');
    }

    [Benchmark(Baseline = true)]
    public int HmacAlone() => HMACSHA256.HashData(Secret, _mac.AsSpan(0, 27), _mac);

    [Benchmark]
    public bool Verify() => _ring.Verify(_genuine) is not null;

    [Benchmark]
    public bool VerifyForged() => _ring.Verify(_forged) is not null;

    [Benchmark]
    public string Issue() => _ring.Issue(_claims);
}
