using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using Registry.Api.Access;
using Registry.Domain.Common;

namespace Registry.Api.Http;

/// <summary>
/// One query parameter, said once: for the reader of the contract and for the check of a request.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it means, with unit and default.</param>
internal sealed record QueryParameter(string Name, string Meaning)
{
    /// <summary>Whether it may be stated several times, meaning any of the values.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>
    /// The value filled in for whoever tries the operation, where without one there is as a rule no answer; null for none.
    /// </summary>
    public string? Prefilled { get; init; }

    /// <summary>The codes it takes, or null.</summary>
    public IReadOnlyList<string>? Codes { get; init; }

    /// <summary>The enumeration whose codes it takes, or null.</summary>
    public Type? Enumeration { get; init; }

    /// <summary>The name of the codes in the contract, where they are not those of an enumeration.</summary>
    public string? CodesName { get; init; }

    /// <summary>Whether it takes true and false.</summary>
    public bool IsBoolean => Codes is ["true", "false"];

    /// <summary>The whole numbers it takes, or null.</summary>
    public WholeRange? Range { get; init; }

    /// <summary>The decimal numbers it takes, without exponent, or null.</summary>
    public DecimalRange? Decimals { get; init; }

    /// <summary>Whether it takes the size of a page, up to the largest that the limits of the program allow.</summary>
    public bool IsPageSize { get; init; }

    /// <summary>The parameter as it holds under the limits of the program.</summary>
    public QueryParameter Under(Limits limits) => IsPageSize
        ? this with
        {
            Range = new WholeRange(1, limits.PageRows),
            Meaning = FormattableString.Invariant($"{Meaning}; {Math.Min(Paging.DefaultLimit, limits.PageRows)} when left out."),
        }
        : this;

    /// <summary>Whether it takes dates.</summary>
    public bool IsDate { get; init; }

    /// <summary>The form of the cursor it takes, as a regular expression, or null.</summary>
    public string? CursorPattern { get; init; }

    /// <summary>The form of a text it takes, or null.</summary>
    public TextForm? Form { get; init; }

    /// <summary>What it takes, in words.</summary>
    public string Allowed => this switch
    {
        { Codes: { } codes } => "one of " + string.Join(", ", codes),
        { Range: { } range } => "a whole number from " + range,
        { Decimals: { } range } => "a number from " + range,
        { IsDate: true } => "a date YYYY-MM-DD",
        { CursorPattern: not null } => "the 'next' of the page before",
        { Form: { } form } => form.Words,
        _ => Identifier.Allowed,
    };

    /// <summary>A parameter that takes the codes of a closed set.</summary>
    public static QueryParameter Coded<T>(string name, string meaning)
        where T : struct, Enum => new(name, meaning) { IsRepeatable = true, Codes = Code.All<T>(), Enumeration = typeof(T) };

    /// <summary>What is wrong with a value, or null.</summary>
    public string? FaultOf(string text) => this switch
    {
        { Codes: { } codes } => codes.Contains(text) ? null : "unknown-code",
        { Range: { } range } => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? range.Contains(number) ? null : "out-of-range"
            : "not-a-whole-number",
        { Decimals: { } range } => ParseDecimal(text) is { } number ? range.Contains(number) ? null : "out-of-range" : "not-a-number",
        { IsDate: true } =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "not-a-date",
        { CursorPattern: { } pattern } => Matches(text, pattern) ? null : "not-a-cursor",
        { Form: { } form } => Matches(text, form.Pattern) ? form.IsKnown?.Invoke(text) is false ? "unknown-code" : null : "malformed",
        _ => Identifier.IsValid(text) ? null : "not-an-identifier",
    };

    /// <summary>A decimal number, with a point and without exponent or blanks; null for anything else.</summary>
    public static decimal? ParseDecimal(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // As the contract's patterns mean it: a digit is 0 to 9, and nothing comes after the end.
    private static bool Matches(string text, string pattern) =>
        !text.EndsWith('\n') && Regex.IsMatch(text, pattern, RegexOptions.ECMAScript);
}

/// <summary>The form of a text.</summary>
/// <param name="Pattern">As a regular expression.</param>
/// <param name="Words">In words.</param>
/// <param name="IsKnown">Whether a text of this form is one of those that there are; null where any is.</param>
internal sealed record TextForm(string Pattern, string Words, Func<string, bool>? IsKnown = null)
{
    /// <summary>A form of which any text is one that there is.</summary>
    public static implicit operator TextForm((string Pattern, string Words) form) => new(form.Pattern, form.Words);
}

/// <summary>What is wrong with the parameters of a query together, when each is well-formed.</summary>
internal sealed record QueryCheck(Func<IQueryCollection, IEnumerable<Fault>> FaultsOf);

/// <summary>What only the registry can say is wrong with a query, of the parameters that are well-formed; null for nothing.</summary>
internal sealed record QueryLookUp(Func<HttpRequest, IQueryCollection, CancellationToken, ValueTask<Problem?>> ProblemWith);

/// <summary>The query of the operation is completed by what its address names, and checked together only then.</summary>
internal sealed record QueryIsCompleted;

/// <summary>The query parameters that an operation takes; any other is refused.</summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All)
{
    /// <summary>The code of the fault that a parameter is none of the operation.</summary>
    public const string Unknown = "unknown-parameter";

    /// <summary>The code of the fault that a parameter is stated more than once.</summary>
    public const string Repeated = "repeated";

    // Every value is a parameter of a query, of which a server takes 2,100.
    private const int MostValues = 500;

    private readonly Dictionary<string, QueryParameter> _byName = All.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    /// <summary>Every fault of the query of a request, under the limits of the program.</summary>
    public IReadOnlyList<Fault> FaultsOf(IQueryCollection query, Limits? limits = null)
    {
        if (query.Count == 0)
        {
            return [];
        }

        var faults = new List<Fault>();
        foreach (var (name, values) in query)
        {
            if (!_byName.TryGetValue(name, out var known))
            {
                var allowed = All.Count == 0 ? "no query parameters" : string.Join(", ", All.Select(parameter => parameter.Name));
                faults.Add(new Fault("/" + name, Unknown, $"'{name}' is not a query parameter here.", name, allowed));
                continue;
            }

            known = limits is null ? known : known.Under(limits);
            if (values.Count > 1 && !known.IsRepeatable)
            {
                faults.Add(new Fault("/" + name, Repeated, $"'{name}' can be stated once only.", values.ToString(), known.Allowed));
            }

            if (values.Count > MostValues)
            {
                faults.Add(new Fault(
                    "/" + name, "too-many-values", $"'{name}' has {values.Count} values; it can have {MostValues}.", null, $"up to {MostValues}"));
                continue;
            }

            foreach (var value in values)
            {
                if (known.FaultOf(value ?? string.Empty) is { } code)
                {
                    faults.Add(new Fault("/" + name, code, $"'{name}' is '{value}'; it has to be {known.Allowed}.", value, known.Allowed));
                }
            }
        }

        return faults;
    }
}

/// <summary>Says on a route which query parameters it takes, and holds every request to it.</summary>
internal static class QueryParametersExtensions
{
    private static readonly QueryParameters None = new([]);

    /// <summary>The operation takes these parameters.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params IEnumerable<QueryParameter> parameters) =>
        route.WithMetadata(new QueryParameters([.. parameters]));

    /// <summary>The operation refuses parameters that do not go together.</summary>
    public static RouteHandlerBuilder Checks(this RouteHandlerBuilder route, Func<IQueryCollection, IEnumerable<Fault>> faultsOf) =>
        route.WithMetadata(new QueryCheck(faultsOf));

    /// <summary>What only the registry can say is wrong is told together with what is not well-formed.</summary>
    public static TBuilder LooksUp<TBuilder>(
        this TBuilder route, Func<HttpRequest, IQueryCollection, CancellationToken, ValueTask<Problem?>> problemWith)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new QueryLookUp(problemWith));

    /// <summary>Refuses every request of the group whose query is at fault, before anything else is done.</summary>
    public static RouteGroupBuilder RefuseUnknownParameters(this RouteGroupBuilder group) =>
        group.AddEndpointFilter((invocation, next) =>
        {
            var context = invocation.HttpContext;
            var metadata = context.GetEndpoint()?.Metadata;
            var faults = (metadata?.GetMetadata<QueryParameters>() ?? None).FaultsOf(context.Request.Query, Limits.Of(context.Request));
            if (faults.Count == 0 && metadata?.GetMetadata<QueryIsCompleted>() is null
                && metadata?.GetMetadata<QueryCheck>() is { } together)
            {
                faults = [.. together.FaultsOf(context.Request.Query)];
            }

            return faults.Count == 0 ? next(invocation) : Refuse(context.Request, metadata, faults);
        });

    /// <summary>What is stated by a query without the values that are at fault, and the parameters that are as a whole.</summary>
    public static QueryCollection Without(this IQueryCollection query, IReadOnlyList<Fault> faults)
    {
        var rest = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in query)
        {
            var own = faults.Where(fault => fault.Where == "/" + name).ToList();
            var good = values.Where(value => own.TrueForAll(fault => fault.Value != value)).ToArray();
            if (good.Length > 0 && own.TrueForAll(fault => fault.Code is not (QueryParameters.Unknown or QueryParameters.Repeated)))
            {
                rest[name] = good;
            }
        }

        return new QueryCollection(rest);
    }

    // With what is wrong besides. Of faults of both kinds the answer has the status of those that are not well-formed, 400: what they ask
    // cannot be told.
    private static async ValueTask<object?> Refuse(HttpRequest request, EndpointMetadataCollection? metadata, IReadOnlyList<Fault> faults)
    {
        // What its address states besides is not known yet.
        if (metadata?.GetMetadata<QueryIsCompleted>() is not null)
        {
            return Problem.InvalidParameters(faults);
        }

        var rest = request.Query.Without(faults);
        var together = faults.All(fault => fault.Code == QueryParameters.Unknown) && metadata?.GetMetadata<QueryCheck>() is { } check
            ? check.FaultsOf(rest)
            : [];
        var lookedUp = metadata?.GetMetadata<QueryLookUp>() is { } lookUp
            ? await lookUp.ProblemWith(request, rest, request.HttpContext.RequestAborted)
            : null;
        return Problem.InvalidParameters([.. faults.Concat(together).Concat(lookedUp?.Faults ?? []).Distinct()]);
    }
}
