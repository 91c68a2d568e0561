using System.Xml;
using Hl7.Fhir.Model;
using Registry.Api.Http;
using Fault = Registry.Domain.Common.Fault;
using Task = System.Threading.Tasks.Task;

namespace Registry.Api.Fhir;

/// <summary>
/// Refusals as FHIR has them: below the FHIR path every problem, whoever found it, is answered as an OperationOutcome with an issue for
/// every fault.
/// </summary>
internal static class FhirProblems
{
    /// <summary>The code system of the codes of problems and faults.</summary>
    public const string Codes = "urn:registry:problem";

    /// <summary>Has every refusal below a path written as an OperationOutcome.</summary>
    public static void UseFhirProblems(this IApplicationBuilder app) =>
        app.Use(static (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(FhirEndpoints.Root, StringComparison.OrdinalIgnoreCase))
            {
                context.Features.Set(new ProblemForm(Write));
                if (!context.Request.Query.ContainsKey(FhirForm.FormatParameter))
                {
                    ContentNegotiation.Varies(context.Request);
                }
            }

            return next(context);
        });

    /// <summary>A problem as a resource.</summary>
    public static OperationOutcome ToOutcome(Problem problem)
    {
        var faults = problem.Faults.Take(Problem.MostFaults).ToList();
        return new OperationOutcome
        {
            Issue = faults.Count == 0 ? [Issue(problem, null)] : faults.ConvertAll(fault => Issue(problem, fault)),
        };
    }

    private static Task Write(HttpContext context, Problem problem)
    {
        var form = FhirForm.Choose(context.Request) ?? FhirForm.Json;
        var bytes = FhirForm.Write(ToOutcome(problem), form);
        context.Response.ContentType = form + "; charset=utf-8";
        context.Response.ContentLength = bytes.Length;

        // Not cancelled with the request: a refusal is short, and is also written where the sender has just gone.
        return context.Response.Body.WriteAsync(bytes, CancellationToken.None).AsTask();
    }

    private static OperationOutcome.IssueComponent Issue(Problem problem, Fault? fault) => new()
    {
        Severity = problem.Status >= StatusCodes.Status500InternalServerError
            ? OperationOutcome.IssueSeverity.Fatal
            : OperationOutcome.IssueSeverity.Error,
        Code = TypeOf(problem, fault),
        Details = new CodeableConcept
        {
            Coding = fault is null
                ? [new Coding(Codes, problem.Kind.Code)]
                : [new Coding(Codes, problem.Kind.Code), new Coding(Codes, fault.Code)],
            Text = Writable(fault?.Detail is { Length: > 0 } detail ? detail : problem.Detail),
        },
        Diagnostics = fault?.Allowed is { } allowed ? Writable($"Allowed: {allowed}.") : null,
        Expression = fault is { Where: { Length: > 0 } where } && where[0] != '/' ? [Writable(where)] : [],
    };

    // What a refusal repeats of a body may hold what cannot stand in XML.
    private static string Writable(string text) => text.All(XmlConvert.IsXmlChar) ? text : string.Concat(
        text.EnumerateRunes().Select(letter => letter.IsBmp && !XmlConvert.IsXmlChar((char)letter.Value) ? "\uFFFD" : letter.ToString()));

    private static OperationOutcome.IssueType TypeOf(Problem problem, Fault? fault) => problem.Status switch
    {
        StatusCodes.Status401Unauthorized => OperationOutcome.IssueType.Login,
        StatusCodes.Status403Forbidden => OperationOutcome.IssueType.Forbidden,
        StatusCodes.Status404NotFound => OperationOutcome.IssueType.NotFound,
        StatusCodes.Status405MethodNotAllowed or StatusCodes.Status406NotAcceptable or StatusCodes.Status415UnsupportedMediaType =>
            OperationOutcome.IssueType.NotSupported,
        StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed => OperationOutcome.IssueType.Conflict,
        StatusCodes.Status413PayloadTooLarge => OperationOutcome.IssueType.TooLong,
        StatusCodes.Status422UnprocessableEntity => fault?.Code switch
        {
            "missing" or "nothing-recorded" => OperationOutcome.IssueType.Required,
            FhirMapping.NotTaken => OperationOutcome.IssueType.NotSupported,
            FhirBundles.Duplicate => OperationOutcome.IssueType.Duplicate,
            "out-of-range" or "not-a-whole-number" or "unknown-code" or "not-a-date" or "not-an-identifier" =>
                OperationOutcome.IssueType.Value,
            _ => OperationOutcome.IssueType.BusinessRule,
        },
        StatusCodes.Status429TooManyRequests => OperationOutcome.IssueType.Throttled,
        StatusCodes.Status503ServiceUnavailable => OperationOutcome.IssueType.Transient,
        >= StatusCodes.Status500InternalServerError => OperationOutcome.IssueType.Exception,
        _ => OperationOutcome.IssueType.Invalid,
    };
}
