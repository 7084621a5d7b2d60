using System.Diagnostics;

namespace Gateway.Tests.Proof.Storage;

/// <summary>Lets I/O of a gateway process on some files fail: a library that is built with gcc and loaded before its own.</summary>
internal sealed class IoFaults(string directory)
{
    private static readonly Lazy<string?> Library = new(Build);

    private readonly string control = $"{directory}.faults";

    /// <summary>Why tests that need it are skipped; null where it works.</summary>
    public static string? Missing => Library.Value is null ? "gcc is not installed, or this is not Linux" : null;

    public Dictionary<string, string> Environment => new() { ["LD_PRELOAD"] = Library.Value!, ["IO_FAULTS"] = control };

    /// <summary>From now on fsync fails on files whose names end like this.</summary>
    public void FailSync(string ending) => Set($"sync {ending}");

    /// <summary>From now on writing fails on files whose names end like this.</summary>
    public void FailWrite(string ending) => Set($"write {ending}");

    public void Heal() => File.Delete(control);

    private void Set(string text)
    {
        // Complete at once: the library reads it with every call.
        File.WriteAllText($"{control}.new", text);
        File.Move($"{control}.new", control, overwrite: true);
    }

    private static string? Build()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var source = Path.Combine(AppContext.BaseDirectory, "Proof", "Storage", "io-faults.c");
        var library = Path.Combine(AppContext.BaseDirectory, "io-faults.so");
        try
        {
            using var gcc = Process.Start("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>Skipped where I/O cannot be made to fail.</summary>
internal sealed class IoFaultFactAttribute : FactAttribute
{
    public IoFaultFactAttribute() => Skip = IoFaults.Missing;
}

/// <inheritdoc cref="IoFaultFactAttribute"/>
internal sealed class IoFaultTheoryAttribute : TheoryAttribute
{
    public IoFaultTheoryAttribute() => Skip = IoFaults.Missing;
}
