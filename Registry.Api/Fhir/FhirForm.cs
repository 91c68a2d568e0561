using System.Text;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Microsoft.Net.Http.Headers;
using Registry.Api.Http;
using Fault = Registry.Domain.Common.Fault;
using Task = System.Threading.Tasks.Task;

namespace Registry.Api.Fhir;

/// <summary>
/// Reads and writes FHIR R4 resources as JSON or XML, by the SDK: which of the two by Content-Type, and by <c>_format</c> or Accept.
/// </summary>
internal static class FhirForm
{
    public const string Json = "application/fhir+json";
    public const string Xml = "application/fhir+xml";

    /// <summary>The parameter that asks for a form of the answer, before the Accept header.</summary>
    public const string FormatParameter = "_format";

    /// <summary>The forms of an answer, the preferred one first.</summary>
    public static readonly IReadOnlyList<string> Offered = [Json, Xml, ContentNegotiation.Json, PlainXml];

    private const string PlainXml = "application/xml";
    private const string VersionParameter = "fhirVersion";
    private const string Version = "4.0";

    // A bundle of Observations is about 15 deep.
    private const int DeepestNesting = 64;

    /// <summary>The form of the answer that a request asks for; null when it can be had in none.</summary>
    public static string? Choose(HttpRequest request)
    {
        // A plus sign that was not encoded arrives as a blank.
        var format = request.Query[FormatParameter].ToString().Split(';')[0].Trim().Replace(' ', '+');
        var chosen = format switch
        {
            "" => ContentNegotiation.Choose(request, Offered),
            "json" => Json,
            "xml" => Xml,
            _ => Offered.FirstOrDefault(type => type.Equals(format, StringComparison.OrdinalIgnoreCase)),
        };
        return chosen is null ? null : IsXml(chosen) ? Xml : Json;
    }

    /// <summary>A resource in a form.</summary>
    public static byte[] Write(Resource resource, string form, SummaryType summary = SummaryType.False) =>
        IsXml(form) ? Sdk.ToXml.SerializeToBytes(resource, summary) : Sdk.ToJson.SerializeToBytes(resource, summary);

    /// <summary>The resource in a body, with what the SDK finds wrong with it, or the problem with the body.</summary>
    public static async Task<(Resource? Resource, IReadOnlyList<Fault> Faults, Problem? Problem)> Read(
        HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !Offered.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
            || type.Parameters.Any(parameter => parameter.Name.Equals(VersionParameter, StringComparison.OrdinalIgnoreCase)
                && HeaderUtilities.RemoveQuotes(parameter.Value) != Version))
        {
            return (null, [], RequestBody.NotTaken(request, $"{Json} or {Xml}, of FHIR {Version}"));
        }

        return IsXml(type.MediaType.ToString())
            ? await ReadXml(request, limit, cancellation)
            : await ReadJson(request, limit, cancellation);
    }

    private static bool IsXml(string form) => form is Xml or PlainXml || form.EndsWith("xml", StringComparison.OrdinalIgnoreCase);

    private static async Task<(Resource? Resource, IReadOnlyList<Fault> Faults, Problem? Problem)> ReadJson(
        HttpRequest request, int limit, CancellationToken cancellation)
    {
        var (body, bad) = await JsonBody.Read(request, limit, cancellation, DeepestNesting);
        if (bad is not null)
        {
            return (null, [], bad);
        }

        return Parsed(() =>
        {
            _ = Sdk.FromJson.TryDeserializeResource(body.GetRawText(), out var resource, out var issues);
            return (resource, issues);
        });
    }

    // The SDK reports most of what is wrong with a body, and stumbles over some of it.
    private static (Resource? Resource, IReadOnlyList<Fault> Faults, Problem? Problem) Parsed(
        Func<(Resource? Resource, IEnumerable<CodedException> Issues)> parse)
    {
        try
        {
            var (resource, issues) = parse();
            return (resource, Faults(issues), null);
        }
        catch (Exception stumbled) when (stumbled is not (XmlException or OutOfMemoryException))
        {
            return (null, [], new Problem(Problems.MalformedBody, "The body is not valid FHIR R4: it is of a form that cannot be read."));
        }
    }

    private static async Task<(Resource? Resource, IReadOnlyList<Fault> Faults, Problem? Problem)> ReadXml(
        HttpRequest request, int limit, CancellationToken cancellation)
    {
        var (bytes, bad) = await RequestBody.Read(request, limit, cancellation);
        if (bad is not null)
        {
            return (null, [], bad);
        }

        try
        {
            var text = Encoding.UTF8.GetString(bytes.Span);
            if (IsTooDeep(text))
            {
                return (null, [], new Problem(
                    Problems.MalformedBody, FormattableString.Invariant($"The XML is nested deeper than {DeepestNesting} elements.")));
            }

            return Parsed(() =>
            {
                _ = Sdk.FromXml.TryDeserializeResource(text, out var resource, out var issues);
                return (resource, issues);
            });
        }
        catch (XmlException malformed)
        {
            return (null, [], new Problem(Problems.MalformedBody, malformed.Message));
        }
    }

    // The SDK goes down by recursion, and takes document types.
    private static bool IsTooDeep(string text)
    {
        using var reader =
            XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        while (reader.Read())
        {
            if (reader.Depth > DeepestNesting)
            {
                return true;
            }
        }

        return false;
    }

    private static IReadOnlyList<Fault> Faults(IEnumerable<CodedException> issues) =>
        [.. issues.Select(issue => issue is ExtendedCodedException { } located
            ? new Fault(located.InstancePath ?? string.Empty, located.ErrorCode, located.BaseErrorMessage ?? located.Message)
            : new Fault(string.Empty, issue.ErrorCode, issue.Message))];

    // The SDK examines all of FHIR when it is first used, for half a second: not while the program starts.
    private static class Sdk
    {
        public static readonly BaseFhirJsonSerializer ToJson = new(ModelInfo.ModelInspector);
        public static readonly BaseFhirXmlSerializer ToXml = new(ModelInfo.ModelInspector);
        public static readonly BaseFhirJsonDeserializer FromJson = new(ModelInfo.ModelInspector, Strict);
        public static readonly BaseFhirXmlDeserializer FromXml = new(ModelInfo.ModelInspector, Strict);

        private static DeserializerSettings Strict => new DeserializerSettings().UsingMode(DeserializationMode.Strict);
    }
}

/// <summary>
/// A resource as an answer, in the form that the request asks for. A GET is tagged, and answered by 304 where the caller has it already.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The resource; null for an answer without a body.</param>
internal sealed record FhirAnswer(int Status, Resource? Body) : IResult
{
    /// <summary>The entity tag; null for one made of the bytes.</summary>
    public string? ETag { get; init; }

    /// <summary>Where it is recorded; null where nothing is said of it.</summary>
    public string? Location { get; init; }

    /// <summary>When it was last changed; null where nothing is said of it.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>How much of the resource is written.</summary>
    public SummaryType Summary { get; init; } = SummaryType.False;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.StatusCode = Status;
        var form = FhirForm.Choose(request) ?? FhirForm.Json;
        var bytes = Body is null ? [] : FhirForm.Write(Body, form, Summary);
        if (HttpMethods.IsGet(request.Method) && Status == StatusCodes.Status200OK
            && EntityTags.Confirm(httpContext, ETag ?? EntityTags.Of(bytes)))
        {
            return;
        }

        if (ETag is not null)
        {
            response.Headers.ETag = ETag;
        }

        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (LastModified is { } at)
        {
            response.Headers.LastModified = at.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        }

        response.ContentLength = bytes.Length;
        if (bytes.Length > 0)
        {
            response.ContentType = form + "; charset=utf-8";
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }
}
