using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Resumption.Webhooks;

/// <summary>
/// Says whether an address is public unicast. What stands for something else (a private net, this host, a group, an
/// example, an IPv4 address in IPv6 clothes) is not, so that a webhook cannot be turned against the gateway's own network.
/// </summary>
/// <remarks>
/// The IANA special-purpose address registries (RFC 6890). IPv6 is judged the other way round: only 2000::/3 is global
/// unicast, which leaves out unspecified, loopback, IPv4-mapped and -compatible, NAT64 (64:ff9b::/96, 64:ff9b:1::/48),
/// unique local, link-local, site-local and multicast without naming them, and whatever is assigned there next.
/// </remarks>
internal static class AddressJudge
{
    private static readonly Range[] RefusedIPv4 =
    [
        Range.Parse("0.0.0.0", 8),          // this host, RFC 1122
        Range.Parse("10.0.0.0", 8),         // private, RFC 1918
        Range.Parse("100.64.0.0", 10),      // carrier-grade NAT, RFC 6598
        Range.Parse("127.0.0.0", 8),        // loopback, RFC 1122
        Range.Parse("169.254.0.0", 16),     // link-local and clouds' metadata services, RFC 3927
        Range.Parse("172.16.0.0", 12),      // private, RFC 1918
        Range.Parse("192.0.0.0", 24),       // protocol assignments, RFC 6890
        Range.Parse("192.0.2.0", 24),       // documentation, RFC 5737
        Range.Parse("192.88.99.0", 24),     // 6to4 relays, RFC 7526
        Range.Parse("192.168.0.0", 16),     // private, RFC 1918
        Range.Parse("198.18.0.0", 15),      // benchmarks, RFC 2544
        Range.Parse("198.51.100.0", 24),    // documentation, RFC 5737
        Range.Parse("203.0.113.0", 24),     // documentation, RFC 5737
        Range.Parse("224.0.0.0", 4),        // multicast, RFC 5771
        Range.Parse("240.0.0.0", 4),        // reserved and broadcast, RFC 1112 and RFC 919
    ];

    private static readonly Range GlobalIPv6 = Range.Parse("2000::", 3);

    private static readonly Range[] RefusedIPv6 =
    [
        Range.Parse("2001::", 23),          // protocol assignments, among them Teredo, benchmarks and ORCHID, RFC 2928
        Range.Parse("2001:db8::", 32),      // documentation, RFC 3849
        Range.Parse("2002::", 16),          // 6to4, which carries any IPv4 address, RFC 3056
        Range.Parse("3ffe::", 16),          // returned with the 6bone, RFC 3701
        Range.Parse("3fff::", 20),          // documentation, RFC 9637
    ];

    public static bool IsPublic(IPAddress address)
    {
        var bits = Bits(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(RefusedIPv4, range => range.Contains(bits)),
            AddressFamily.InterNetworkV6 => GlobalIPv6.Contains(bits) && !Array.Exists(RefusedIPv6, range => range.Contains(bits)),
            _ => false,
        };
    }

    /// <summary>The address from the highest bit on, an IPv4 one in the upper 32.</summary>
    private static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Own arithmetic: <see cref="IPNetwork"/> of .NET 10 says that 2000::/3 contains ::ffff:10.0.0.1.</summary>
    private readonly record struct Range(UInt128 First, int Length)
    {
        public static Range Parse(string first, int length) => new(Bits(IPAddress.Parse(first)), length);

        public bool Contains(UInt128 address) => (address ^ First) >> (128 - Length) == 0;
    }
}
