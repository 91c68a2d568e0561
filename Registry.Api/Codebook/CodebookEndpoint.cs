using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using Microsoft.OpenApi;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Registry.Api.Codebook;

/// <summary>The codebook, as JSON or CSV. It is written once: the contract does not change while the program runs.</summary>
internal static class CodebookEndpoint
{
    private const string Csv = "text/csv; charset=utf-8; header=present";

    private static readonly QueryParameter Format = new(
        "format", "The form of the answer. Left out: as the header Accept asks, JSON if it does not say.")
    {
        Codes = ["json", "csv"],
        CodesName = "CodebookFormat",
    };

    public static void AddCodebook(this IServiceCollection services) =>
        services.AddSingleton(provider => new Lazy<Task<CodebookForms>>(() => Write(provider)));

    public static void MapCodebook(this RouteGroupBuilder api) =>
        api.MapGet("/codebook", Get)
            .WithName("getCodebook")
            .WithSummary("Read the codebook")
            .WithDescription(
                "Every variable that the registry takes or gives: meaning, type, unit, range, codes with labels, what a missing value "
                + "looks like, and of each derived figure the "
                + "formula and the source. Written from this contract and from the headers of the SQL views. As CSV (RFC 4180) with "
                + "Accept: text/csv or format=csv.")
            .Takes(Format)
            .Gives<Codebook>()
            .AlsoGives(Csv);

    private static async Task<Results<TaggedAnswer, Problem>> Get(HttpRequest request, Lazy<Task<CodebookForms>> codebook)
    {
        var form = request.Query.TryGetValue(Format.Name, out var format)
            ? format == "csv" ? Csv : ContentNegotiation.JsonUtf8
            : ContentNegotiation.Choose(request, ContentNegotiation.JsonUtf8, Csv);
        if (form is null)
        {
            return ContentNegotiation.NotAcceptable(request, ContentNegotiation.JsonUtf8, Csv);
        }

        var forms = await codebook.Value;
        return new TaggedAnswer(form == Csv ? forms.Csv : forms.Json, form, $"\"{forms.Version}-{(form == Csv ? "csv" : "json")}\"");
    }

    private static async Task<CodebookForms> Write(IServiceProvider provider)
    {
        using var scope = provider.CreateScope();
        var contract = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger(OpenApiContract.DocumentName);
        var json = await contract.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var codebook = CodebookWriter.Write(JsonNode.Parse(json)!.AsObject());
        return new CodebookForms(codebook.Version, JsonSerializer.SerializeToUtf8Bytes(codebook, Http.Json.Options), ToCsv(codebook));
    }

    // RFC 4180: records end with CRLF, and what needs quotes has them.
    private static byte[] ToCsv(Codebook codebook)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, null, leaveOpen: true))
        {
            csv.WriteRecord(
                "name", "appliesTo", "meaning", "type", "unit", "min", "max", "pattern", "codes", "missing", "formula", "source");
            foreach (var variable in codebook.Variables)
            {
                csv.WriteRecord(
                    variable.Name,
                    string.Join(" | ", variable.AppliesTo),
                    variable.Meaning,
                    variable.Type,
                    variable.Unit,
                    variable.Min?.ToString(CultureInfo.InvariantCulture),
                    variable.Max?.ToString(CultureInfo.InvariantCulture),
                    variable.Pattern,
                    string.Join(" | ", (variable.Codes ?? []).Select(code => $"{code.Code} = {code.Label}")),
                    variable.Missing,
                    variable.Formula,
                    variable.Source);
            }
        }

        return bytes.ToArray();
    }
}

/// <summary>The codebook, ready to be sent.</summary>
internal sealed record CodebookForms(string Version, byte[] Json, byte[] Csv);
