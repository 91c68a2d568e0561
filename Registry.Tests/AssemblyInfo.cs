using NUnit.Framework;
using Registry.Tests.Support;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: FixtureLifeCycle(LifeCycle.SingleInstance)]
[assembly: OneWorkerMoreThanCores]
