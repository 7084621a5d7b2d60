namespace Gateway.Resumption.Connections;

/// <summary>How an HTTP status is read where the engine's own code is missing: something before the engine answered.</summary>
internal static class HttpCodes
{
    public static int Of(int status) => status switch
    {
        400 => Codes.Internal,
        401 => Codes.Unauthenticated,
        403 => Codes.PermissionDenied,
        404 or 405 or 501 => Codes.Unimplemented,
        429 or 502 or 503 or 504 => Codes.Unavailable,
        >= 300 and < 400 => Codes.Unimplemented,
        _ => Codes.Unknown,
    };
}
