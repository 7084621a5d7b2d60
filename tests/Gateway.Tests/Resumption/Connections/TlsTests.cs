using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Resumption;
using Gateway.Resumption.Restate;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>An engine behind TLS that asks for the gateway's own certificate.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo files = Directory.CreateTempSubdirectory("gateway-tls-");
    private WebApplication engine = null!;
    private X509Certificate2 own = null!;

    public async Task InitializeAsync()
    {
        var server = Make("engine.internal", "server");
        own = Make("gateway", "own");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = server;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == own.Thumbprint;
        })));
        engine = builder.Build();
        engine.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
        await engine.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        own.Dispose();
        files.Delete(recursive: true);
    }

    [Fact]
    public async Task An_engine_of_a_trusted_authority_gets_the_gateways_own_certificate() =>
        Assert.Equal(
            new ResumeResult.Delivered("HTTP 202"),
            await ResumeAsync(
                ("Tls:CaFile", File("server.crt")), ("Tls:ServerName", "engine.internal"),
                ("Tls:CertificateFile", File("own.crt")), ("Tls:KeyFile", File("own.key"))));

    [Fact]
    public async Task An_engine_that_nobody_vouches_for_is_not_spoken_to() =>
        Assert.Equal(
            new ResumeResult.Retry("TLS handshake failed"),
            await ResumeAsync(
                ("Tls:ServerName", "engine.internal"), ("Tls:CertificateFile", File("own.crt")), ("Tls:KeyFile", File("own.key"))));

    [Fact]
    public async Task An_engine_under_another_name_is_not_spoken_to() =>
        Assert.Equal(
            new ResumeResult.Retry("TLS handshake failed"),
            await ResumeAsync(
                ("Tls:CaFile", File("server.crt")), ("Tls:CertificateFile", File("own.crt")), ("Tls:KeyFile", File("own.key"))));

    private async Task<ResumeResult> ResumeAsync(params (string Key, string Value)[] tls)
    {
        var url = engine.Urls.Single();
        using var registry = TestConnection.Registry(new ManualTime(), [("Kind", "restate"), ("Url", url), .. tls]);
        return await registry.ResumeAsync(Outcomes.Completed(), new RestateTarget("sign_1abcdefghijklmnopqrst").On(TestConnection.Name));
    }

    private string File(string name) => Path.Combine(files.FullName, name);

    private X509Certificate2 Make(string host, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        System.IO.File.WriteAllText(File($"{name}.crt"), certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(File($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
