using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Resumption.Connections;

/// <summary>The way to an engine. The operator configured it, so it is not judged as a webhook's is.</summary>
internal static class EngineHandler
{
    /// <summary>Below the two minutes after which Temporal's HTTP port and its gRPC port hang up on an idle connection.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    /// <exception cref="StartupException">A certificate cannot be read.</exception>
    public static HttpMessageInvoker Create(ConnectionSection section, ConnectionOptions options)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = Idle,
            PooledConnectionLifetime = TimeSpan.FromMinutes(4),
            EnableMultipleHttp2Connections = true,
            SslOptions = Tls(section, options.Tls),
        };
        HttpMessageHandler handler = options.Tls.ServerName is { } name ? new Named(name, sockets) : sockets;
        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    private static SslClientAuthenticationOptions Tls(ConnectionSection section, TlsOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CaFile is { } caFile)
        {
            var authorities = new X509Certificate2Collection();
            Load(section, nameof(options.CaFile), () => authorities.ImportFromPemFile(caFile));
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (options.CertificateFile is { } certificateFile)
        {
            Load(section, nameof(options.CertificateFile), () =>
                tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificateFile, options.KeyFile)]);
        }
        else if (options.KeyFile is not null)
        {
            throw section.Wrong($"Tls:{nameof(options.CertificateFile)}", "must be given with Tls:KeyFile");
        }

        return tls;
    }

    private static void Load(ConnectionSection section, string key, Action load)
    {
        try
        {
            load();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw section.Wrong($"Tls:{key}", "must name a readable PEM file (a certificate with its key in Tls:KeyFile, or in the same file)");
        }
    }

    /// <summary>The handler takes the name to ask a certificate for from the request, never from its options.</summary>
    private sealed class Named(string name, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = name;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
