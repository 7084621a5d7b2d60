using Xunit.Abstractions;
using Xunit.Sdk;

namespace Gateway.Tests.Support;

/// <summary>The stores that the same tests run against: an abstract test class, and a sealed one for each.</summary>
public enum Store
{
    Sqlite,
    Postgres,
}

/// <summary>On a test class: it runs against PostgreSQL, and is skipped where the tests know of none.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnPostgresAttribute : Attribute;

/// <summary>A test that every store's class inherits.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Gateway.Tests.Support.StoreFactDiscoverer", "Gateway.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>A theory that every store's class inherits.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Gateway.Tests.Support.StoreTheoryDiscoverer", "Gateway.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        PostgresServer.IsMissingFor(testMethod)
            ? new MissingPostgresTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

public sealed class StoreTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        PostgresServer.IsMissingFor(testMethod)
            ? [new MissingPostgresTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

/// <summary>A test that says why it does not run.</summary>
public sealed class MissingPostgresTestCase : XunitTestCase
{
    [Obsolete("Called by the deserializer")]
    public MissingPostgresTestCase()
    {
    }

    public MissingPostgresTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => PostgresServer.Missing!;
}
