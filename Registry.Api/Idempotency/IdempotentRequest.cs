using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Registry.Api.Access;

namespace Registry.Api.Idempotency;

/// <summary>
/// A request with an idempotency key, by what is kept of it: hashes. What a repetition brings with it (the idempotency key and the
/// credential) gives the key by which the stored answer is encrypted, so that nothing readable is kept: an answer may hold a key
/// that is shown once.
/// </summary>
internal sealed class IdempotentRequest
{
    private readonly byte[] _secret;

    /// <summary>A request.</summary>
    /// <param name="context">The request and its caller.</param>
    /// <param name="key">The idempotency key.</param>
    /// <param name="body">The body.</param>
    public IdempotentRequest(HttpContext context, string key, ReadOnlyMemory<byte> body)
    {
        var (request, caller) = (context.Request, context.User.KeyId() ?? context.User.KeyName());
        Id = Hash("caller", caller, key);
        PayloadHash = Hash(
            request.Method,
            request.Path.Value,
            request.QueryString.Value,
            request.ContentType,
            request.Headers.IfMatch.ToString(),
            request.Headers.IfNoneMatch.ToString(),
            request.Headers[Recording.RecordHeaders.ChangeReason].ToString(),
            request.Headers[Fhir.FhirEndpoints.IfNoneExist].ToString(),
            request.Headers[Fhir.FhirEndpoints.Prefer].ToString(),
            Convert.ToHexStringLower(SHA256.HashData(body.Span)));

        // A token of an identity provider is another one each time.
        var credential = context.User.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName
            ? request.Headers[ApiKeyAuthentication.HeaderName].ToString() + request.Headers.Authorization.ToString()
            : string.Empty;
        _secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, Hash("answer", key, credential), SHA256.HashSizeInBytes, salt: Id);
    }

    /// <summary>The caller and the idempotency key, as a SHA-256.</summary>
    public byte[] Id { get; }

    /// <summary>All that was sent, as a SHA-256.</summary>
    public byte[] PayloadHash { get; }

    /// <summary>The answer as it is stored.</summary>
    public byte[] Encrypt(StoredAnswer answer)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(answer);
        var (nonceLength, tagLength) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var stored = new byte[nonceLength + tagLength + plain.Length];
        var nonce = stored.AsSpan(0, nonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var encryption = new AesGcm(_secret, tagLength);
        encryption.Encrypt(nonce, plain, stored.AsSpan(nonceLength + tagLength), stored.AsSpan(nonceLength, tagLength));
        return stored;
    }

    /// <summary>The answer that was stored; null where it was stored for another credential.</summary>
    public StoredAnswer? Decrypt(byte[] stored)
    {
        var (nonceLength, tagLength) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        if (stored.Length < nonceLength + tagLength)
        {
            return null;
        }

        var plain = new byte[stored.Length - nonceLength - tagLength];
        using var encryption = new AesGcm(_secret, tagLength);
        try
        {
            encryption.Decrypt(
                stored.AsSpan(0, nonceLength), stored.AsSpan(nonceLength + tagLength), stored.AsSpan(nonceLength, tagLength), plain);
            return JsonSerializer.Deserialize<StoredAnswer>(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Hash(params ReadOnlySpan<string?> parts)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        foreach (var part in parts)
        {
            // Each with its length before it.
            writer.Write(part ?? string.Empty);
        }

        writer.Flush();
        return SHA256.HashData(bytes.ToArray());
    }
}

/// <summary>An answer that is kept for a repetition of its request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers that belong to it.</param>
/// <param name="Body">The body.</param>
internal sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body) : IResult
{
    /// <summary>Says that an answer is the one that was given before.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers[ReplayedHeader] = "true";
        response.ContentLength = Status == StatusCodes.Status204NoContent ? null : Body.Length;
        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}
