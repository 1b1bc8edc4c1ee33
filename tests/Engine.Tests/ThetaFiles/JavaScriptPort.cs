using Jint;
using Jint.Native;
using LoptCluster.TestKit;

namespace LoptCluster.Engine.Tests.ThetaFiles;

/// <summary>The port of the update rule in examples/javascript, in an interpreter that needs nothing installed.</summary>
/// <param name="change">Changes the source of the rule, of both its files.</param>
internal sealed class JavaScriptPort(Func<string, string>? change = null)
{
    private static readonly string Rule = Read("lopt.mjs");

    private static readonly string Muon = Read("muon.mjs");

    private static readonly string Vectors = Read("vectors.mjs");

    /// <summary>What browsers and node have and the language has not.</summary>
    private const string Host = """
        globalThis.TextDecoder = class {
          decode = bytes => decodeURIComponent(Array.from(bytes, b => '%' + b.toString(16).padStart(2, '0')).join(''));
        };
        """;

    private readonly string _rule = change?.Invoke(Rule) ?? Rule;

    private readonly string _muon = change?.Invoke(Muon) ?? Muon;

    /// <summary>The rule, as users read it.</summary>
    public static string Source => Rule + Muon;

    /// <summary>Deviation of the port from each vector of a card, in units of the card's tolerance.</summary>
    /// <param name="safetensors">The file of θ.</param>
    /// <param name="card">Its card, as JSON.</param>
    public double[] Deviations(byte[] safetensors, string card)
    {
        using var engine = Checking("""
            import { readTheta } from './lopt.mjs';
            import { deviations } from './vectors.mjs';
            export const check = (file, text) => { const card = JSON.parse(text); return deviations(readTheta(file, card), card); };
            """);
        return Check(engine, engine.Intrinsics.Uint8Array.Construct(safetensors), new JsString(card));
    }

    /// <summary>Deviations of the port from a golden case of the baselines, in units of the case's tolerances.</summary>
    /// <param name="golden">The case, as JSON.</param>
    public double[] CaseDeviations(string golden)
    {
        using var engine = Checking("""
            import { caseDeviations } from './vectors.mjs';
            export const check = text => caseDeviations(JSON.parse(text));
            """);
        return Check(engine, new JsString(golden));
    }

    private Jint.Engine Checking(string module)
    {
        var engine = new Jint.Engine();
        engine.Execute(Host);
        engine.Modules.Add("./muon.mjs", _muon);
        engine.Modules.Add("./lopt.mjs", _rule);
        engine.Modules.Add("./vectors.mjs", Vectors);
        engine.Modules.Add("check", module);
        return engine;
    }

    private static double[] Check(Jint.Engine engine, params JsValue[] arguments)
    {
        var found = engine.Modules.Import("check").Get("check").Call(arguments);
        return [.. found.AsArray().Select(v => v.AsNumber())];
    }

    private static string Read(string name) => File.ReadAllText(Repository.PathOf($"examples/javascript/{name}"));
}
