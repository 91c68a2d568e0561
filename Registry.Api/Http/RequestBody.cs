using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using Registry.Api.Assessments;

namespace Registry.Api.Http;

/// <summary>
/// Reads a request body as UTF-8 text, up to a limit. A body that came compressed has been decompressed on the way
/// (<see cref="Compression"/>), and the limit holds for what came out.
/// </summary>
internal static class RequestBody
{
    /// <summary>The refusal of a body in a media type that is not taken.</summary>
    /// <param name="request">The request.</param>
    /// <param name="taken">What is taken, in words.</param>
    public static Problem NotTaken(HttpRequest request, string taken) =>
        new(
            Problems.UnsupportedMediaType,
            $"The content type is '{HeaderText.Decode(request.ContentType ?? "missing")}'; it has to be {taken}.");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The bytes without a byte order mark, or the problem with them.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, Problem? Problem)> Read(
        HttpRequest request, int limit, CancellationToken cancellation)
    {
        if ((FaultOfCharset(request) ?? FaultOfCoding(request)) is { } unsupported)
        {
            return (default, unsupported);
        }

        if (request.ContentLength > limit)
        {
            return (default, TooLarge(limit));
        }

        try
        {
            var (bytes, isTooLarge) = await Read(request.BodyReader, limit, cancellation);
            return isTooLarge ? (default, TooLarge(limit))
                : FaultOfText(request, bytes) is { } fault ? (default, fault)
                : (bytes.AsSpan().StartsWith(ByteOrderMark) ? bytes.AsMemory(ByteOrderMark.Length) : bytes, null);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or InvalidOperationException)
        {
            return (default, new Problem(
                Problems.MalformedBody, "The body is not compressed in the way that Content-Encoding says, or it is incomplete."));
        }
    }

    /// <summary>The refusal of a body above a limit.</summary>
    public static Problem TooLarge(int limit) =>
        new(Problems.BodyTooLarge, FormattableString.Invariant($"The body may have {limit} bytes at most, counted after decompression."));

    private static Problem? FaultOfCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset is { HasValue: true } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                ? new Problem(
                    Problems.UnsupportedMediaType,
                    $"The character set is '{HeaderText.Decode(charset.ToString())}'; the body has to be in UTF-8.")
                : null;

    // What could be decompressed has been, and the header is gone.
    private static Problem? FaultOfCoding(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString();
        return coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : new Problem(
                Problems.UnsupportedMediaType,
                $"Content-Encoding is '{HeaderText.Decode(coding)}'; the body has to be plain, or compressed by one of "
                    + $"{Compression.Accepted}.")
            {
                Headers = [(HeaderNames.AcceptEncoding, Compression.Accepted)],
            };
    }

    // A text without a character that is none, and without zero bytes, which are those of UTF-16.
    private static Problem? FaultOfText(HttpRequest request, ReadOnlySpan<byte> bytes)
    {
        var at = Utf8.IsValid(bytes) ? bytes.IndexOf((byte)0) : FirstInvalid(bytes);
        if (at < 0)
        {
            return null;
        }

        var (line, place) = (bytes[..at].Count((byte)'\n') + 1, at - bytes[..at].LastIndexOf((byte)'\n'));
        var isUtf16 = bytes.Contains((byte)0) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]);
        return new Problem(request.HasJsonContentType() ? Problems.MalformedJson : Problems.MalformedBody, string.Create(
            CultureInfo.InvariantCulture,
            $"Line {line}, byte {place}: 0x{bytes[at]:X2} is not valid UTF-8{(isUtf16 ? "; the text looks like UTF-16" : string.Empty)}. "
                + $"The {(ScoreSheet.IsSent(request) ? "sheet" : "body")} has to be in UTF-8."));
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ;)
        {
            if (System.Text.Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }
    }

    private static async Task<(byte[] Bytes, bool IsTooLarge)> Read(PipeReader reader, int limit, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return ([], true);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (bytes, false);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
