using System.Text;
using Microsoft.OpenApi;
using Registry.Api.Http;
using Swashbuckle.AspNetCore.Swagger;

namespace Registry.Api.OpenApi;

/// <summary>The contract, ready to be sent. It is written once: it does not change while the program runs, but for the path below which it is reached.</summary>
internal sealed class ContractDocument(IServiceScopeFactory scopes)
{
    private Kept? _last;

    public async Task<IResult> Answer(PathString pathBase)
    {
        if (_last is not { } last || last.PathBase != pathBase)
        {
            _last = last = new Kept(pathBase, await Write(pathBase));
        }

        return last.Answer;
    }

    private async Task<TaggedAnswer> Write(PathString pathBase)
    {
        using var scope = scopes.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger(OpenApiContract.DocumentName, host: null, pathBase.HasValue ? pathBase.ToUriComponent() : null);
        var body = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0, CancellationToken.None));
        return new TaggedAnswer(body, "application/json; charset=utf-8", EntityTags.Of(body));
    }

    private sealed record Kept(PathString PathBase, TaggedAnswer Answer);
}
