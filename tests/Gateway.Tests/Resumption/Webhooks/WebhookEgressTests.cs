using System.Net;
using System.Net.Sockets;
using Gateway.Resumption.Webhooks;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption.Webhooks;

public sealed class WebhookEgressTests : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public WebhookEgressTests() => listener.Start();

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task Every_spelling_of_this_host_is_refused(string host)
    {
        var egress = Egress(Dns.GetHostAddressesAsync);

        await Assert.ThrowsAsync<EgressRefusedException>(() => ConnectAsync(egress, host));
    }

    [Theory]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://0x7f000001:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    public async Task Every_url_of_this_host_is_refused_through_the_http_stack(string url)
    {
        using var http = new HttpMessageInvoker(Egress(Dns.GetHostAddressesAsync).CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Format(null, url, Port));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, default));

        Assert.IsType<EgressRefusedException>(exception.InnerException);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_public_name_that_resolves_to_a_private_address_is_refused()
    {
        var egress = Egress(Resolving("10.1.2.3", "fd00::1", "64:ff9b::a01:203"));

        await Assert.ThrowsAsync<EgressRefusedException>(() => ConnectAsync(egress, "rebinding.example.com"));
    }

    [Fact]
    public async Task A_name_without_addresses_is_not_found()
    {
        var exception = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(Egress(Resolving()), "gone.example.com"));

        Assert.Equal(SocketError.HostNotFound, exception.SocketErrorCode);
    }

    [Fact]
    public void Of_several_addresses_only_the_public_ones_may_be_reached()
    {
        var egress = Egress(Resolving());

        Assert.True(egress.MayReach("mixed.example.com", IPAddress.Parse("93.184.215.14")));
        Assert.False(egress.MayReach("mixed.example.com", IPAddress.Loopback));
    }

    [Fact]
    public async Task An_allowed_name_is_reached_at_its_private_address()
    {
        var egress = Egress(Resolving("127.0.0.1"), allowed: "runner.internal");

        await using var stream = await ConnectAsync(egress, "runner.internal");

        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.Equal(((IPEndPoint)listener.LocalEndpoint).Port, ((IPEndPoint)accepted.Client.LocalEndPoint!).Port);
    }

    [Fact]
    public async Task An_allowed_name_does_not_allow_its_address_under_another_name()
    {
        var egress = Egress(Resolving("127.0.0.1"), allowed: "runner.internal");

        await Assert.ThrowsAsync<EgressRefusedException>(() => ConnectAsync(egress, "other.internal"));
    }

    [Fact]
    public async Task Allowing_private_networks_allows_them_by_every_name()
    {
        var egress = Egress(Resolving("127.0.0.1"), allowPrivate: true);

        await using var stream = await ConnectAsync(egress, "anything.example.com");

        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.True(accepted.Connected);
    }

    [Fact]
    public async Task A_dead_address_leaves_the_next_one_its_turn()
    {
        // 127.0.0.2 is this host too, but the listener is bound to 127.0.0.1 alone.
        var egress = Egress(Resolving("127.0.0.2", "127.0.0.1"), allowPrivate: true);

        await using var stream = await ConnectAsync(egress, "two.example.com");

        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.True(accepted.Connected);
    }

    [Theory]
    [InlineData("runner.internal", "runner.internal", true)]
    [InlineData("runner.internal", "RUNNER.Internal", true)]
    [InlineData("runner.internal", "runner.internal.", true)]
    [InlineData("runner.internal", "a.runner.internal", false)]
    [InlineData("runner.internal", "runner.internal.example.com", false)]
    [InlineData("*.internal", "runner.internal", true)]
    [InlineData("*.internal", "a.b.internal", true)]
    [InlineData("*.internal", "internal", false)]
    [InlineData("*.internal", ".internal", false)]
    [InlineData("*.internal", "notinternal", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("[::1]", "::1", true)]
    public void A_pattern_allows_exactly_its_hosts(string pattern, string host, bool allowed) =>
        Assert.Equal(allowed, new AllowedHosts([pattern]).Contains(host));

    [Theory]
    [InlineData("runner", true)]
    [InlineData("runner.internal", true)]
    [InlineData("*.internal", true)]
    [InlineData("10.0.0.7", true)]
    [InlineData("[fd00::7]", true)]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("*.", false)]
    [InlineData("a.*.internal", false)]
    [InlineData("https://runner.internal", false)]
    [InlineData("runner.internal:8080", false)]
    [InlineData("10.0.0.0/8", false)]
    public void A_pattern_is_a_host_or_a_suffix(string pattern, bool valid) => Assert.Equal(valid, AllowedHosts.IsPattern(pattern));

    private Task<Stream> ConnectAsync(WebhookEgress egress, string host) =>
        egress.ConnectAsync(new DnsEndPoint(host, Port), CancellationToken.None).AsTask();

    private static ResolveHost Resolving(params string[] addresses) =>
        (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));

    private static WebhookEgress Egress(ResolveHost resolve, bool allowPrivate = false, params string[] allowed) =>
        new(allowPrivate, new AllowedHosts(allowed), resolve, new ManualTime());
}
