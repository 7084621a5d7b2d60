using System.Diagnostics;

namespace Gateway.Tests.Proof.Storage;

/// <summary>A file system of a few megabytes in memory, to be filled up.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> Refusal = new(Try);

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Why tests that need it are skipped; null where it can be mounted.</summary>
    public static string? Missing => Refusal.Value;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("gateway-disk-").FullName);
        return Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path) == 0
            ? disk : throw new InvalidOperationException("mount failed");
    }

    /// <summary>Takes every block that is left.</summary>
    public void Fill()
    {
        using var file = File.OpenHandle(Filler, FileMode.OpenOrCreate, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var offset = RandomAccess.GetLength(file); ; offset += block.Length)
            {
                RandomAccess.Write(file, block, offset);
            }
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string? Try()
    {
        try
        {
            Mount(1).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "mounting a file system is not permitted here";
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>Skipped where no file system can be mounted.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
