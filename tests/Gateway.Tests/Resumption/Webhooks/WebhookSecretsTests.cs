using Gateway.Resumption.Webhooks;
using Microsoft.Extensions.Configuration;

namespace Gateway.Tests.Resumption.Webhooks;

public sealed class WebhookSecretsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("webhook-secrets-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void The_secret_is_generated_once_and_for_its_owner_alone()
    {
        var first = WebhookSecrets.InDirectory(directory);
        var second = WebhookSecrets.InDirectory(directory);

        var file = Path.Combine(directory, "webhook.secret");
        Assert.Equal(32, Assert.Single(first.Keys).Length);
        Assert.Equal(first.Keys[0], second.Keys[0]);
        Assert.Equal("whsec_" + Convert.ToBase64String(first.Keys[0]) + "\n", File.ReadAllText(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Two_directories_have_two_secrets() => Assert.NotEqual(
        WebhookSecrets.InDirectory(directory).Keys[0],
        WebhookSecrets.InDirectory(Directory.CreateDirectory(Path.Combine(directory, "other")).FullName).Keys[0]);

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_AAEC")]
    [InlineData("password")]
    public void A_damaged_file_stops_the_start_and_is_not_shown(string content)
    {
        File.WriteAllText(Path.Combine(directory, "webhook.secret"), content);

        var exception = Assert.Throws<StartupException>(() => WebhookSecrets.InDirectory(directory));

        Assert.Equal($"The file {directory}/webhook.secret holds no signing secret (whsec_<base64 of 24 to 64 bytes>).", exception.Message);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int size, bool valid) =>
        Assert.Equal(valid, WebhookSecrets.Parse("whsec_" + Convert.ToBase64String(new byte[size])) is not null);

    [Theory]
    [InlineData("Resume:Webhook:MaxAttempts", "0", "Resume:Webhook:MaxAttempts must be a whole number from 1 to 1000; it is 0.")]
    [InlineData("Resume:Webhook:MaxAgeSeconds", "0", "Resume:Webhook:MaxAgeSeconds must be a whole number from 1 to 31622400; it is 0.")]
    [InlineData("Resume:Webhook:TimeoutSeconds", "301", "Resume:Webhook:TimeoutSeconds must be a whole number from 1 to 300; it is 301.")]
    [InlineData("Resume:Webhook:LaneConcurrency", "-1", "Resume:Webhook:LaneConcurrency must be a whole number from 1 to 256; it is -1.")]
    [InlineData("Resume:Webhook:AllowedHosts:0", "http://x", "Resume:Webhook:AllowedHosts holds 'http://x', which is neither a host name nor *.suffix.")]
    [InlineData("Resume:Webhook:SigningSecret", "hush", "Resume:Webhook:SigningSecret must be whsec_<base64 of 24 to 64 bytes>, or a list of such secrets.")]
    [InlineData("Resume:Webhook:SigningSecret:1", "hush", "Resume:Webhook:SigningSecret must be whsec_<base64 of 24 to 64 bytes>, or a list of such secrets.")]
    public void A_wrong_value_is_refused_by_one_line_that_names_the_key(string key, string value, string failure) =>
        Assert.Equal([failure], new WebhookOptionsValidator().Validate(null, Read((key, value))).Failures);

    [Fact]
    public void Without_configuration_the_defaults_hold()
    {
        var options = Read();

        Assert.True(new WebhookOptionsValidator().Validate(null, options).Succeeded);
        Assert.Equal((16, TimeSpan.FromDays(3), TimeSpan.FromSeconds(10)), (options.MaxAttempts, options.MaxAge, options.Timeout));
        Assert.Empty(options.SigningSecrets);
        Assert.False(options.AllowPrivateNetworks);
    }

    [Fact]
    public void One_secret_or_a_list_is_read_in_order()
    {
        Assert.Equal(["a"], Read(("Resume:Webhook:SigningSecret", "a")).SigningSecrets);
        Assert.Equal(["a", "b"], Read(("Resume:Webhook:SigningSecret:0", "a"), ("Resume:Webhook:SigningSecret:1", "b")).SigningSecrets);
    }

    [Fact]
    public void One_allowed_host_or_a_list_is_read()
    {
        Assert.Equal(["runner"], Read(("Resume:Webhook:AllowedHosts", "runner")).AllowedHosts);
        Assert.Equal(["a", "*.b"], Read(("Resume:Webhook:AllowedHosts:0", "a"), ("Resume:Webhook:AllowedHosts:1", "*.b")).AllowedHosts);
    }

    private static WebhookOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var options = configuration.GetSection(WebhookOptions.Section).Get<WebhookOptions>() ?? new WebhookOptions();
        options.ReadLists(configuration);
        return options;
    }
}
