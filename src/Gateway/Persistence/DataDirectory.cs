namespace Gateway.Persistence;

/// <summary>Where the embedded gateway keeps its database and its generated secrets: nobody but its own user may look.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    /// <summary>Makes the directory with mode 0700; one that exists is left as its owner made it.</summary>
    public static void Create(string path)
    {
        try
        {
            CreateForOwner(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Storage:DataDirectory '{path}' cannot be created: {exception.Message}");
        }
    }

    /// <summary>As <see cref="Create"/>, for any directory; fails as the file system does.</summary>
    public static void CreateForOwner(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
        }
    }

    /// <summary>Takes a file from everybody but its owner (mode 0600).</summary>
    public static void Protect(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnlyFile);
        }
    }

    /// <summary>How a file is made that nobody but its owner may open (mode 0600).</summary>
    public static FileStreamOptions ForOwner(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnlyFile;
        }

        return options;
    }

    /// <summary>Writes a secret once: the file is complete under its name, or not there.</summary>
    public static void WriteSecret(string path, string content)
    {
        var draft = path + ".new";
        using (var stream = new FileStream(draft, ForOwner(FileMode.Create)))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            stream.Flush();
            StableStorage.Flush(stream.SafeFileHandle);
        }

        File.Move(draft, path, overwrite: true);
    }
}
