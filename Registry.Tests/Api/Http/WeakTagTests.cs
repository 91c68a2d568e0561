using NUnit.Framework;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Http;

/// <summary>
/// A proxy that compresses answers makes their tags weak. A change needs the strong one, and whoever comes with a weak one is told so.
/// </summary>
public sealed class WeakTagTests(Engine engine) : RegistryFixture(engine)
{
    private const string Other = """{"name":"Another clinic","country":"DE"}""";

    [Test]
    public async Task Changes_nothing_and_learns_that_the_tag_is_weak()
    {
        var path = await Api.NewSite();
        var etag = (await Api.Get(path)).Expect(200).ETag!;
        foreach (var weak in (string[])["W/" + etag, "W/\"1-000000000000\"", "W/\"\""])
        {
            foreach (var answer in (ApiAnswer[])[
                await Api.Put(path, Other, ("If-Match", weak), ("X-Change-Reason", "typing error")),
                await Api.Delete(path, ("If-Match", weak), ("X-Change-Reason", "typing error"))])
            {
                Assert.That(
                    answer.ExpectProblem(412, "precondition-failed").Json["detail"]!.GetValue<string>(),
                    Does.Contain("weak").And.Contain("strong").And.Contain(weak));
            }
        }

        Assert.That((await Api.Get(path)).ETag, Is.EqualTo(etag));
        (await Api.Put(path, Other, ("If-Match", etag), ("X-Change-Reason", "typing error"))).Expect(200);
    }
}
