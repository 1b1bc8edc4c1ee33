using Jint;
using Jint.Native;
using LoptCluster.TestKit;

namespace LoptCluster.Engine.Tests.ThetaFiles;

/// <summary>The port of the update rule in examples/javascript, in an interpreter that needs nothing installed.</summary>
/// <param name="change">Changes the source of the rule.</param>
internal sealed class JavaScriptPort(Func<string, string>? change = null)
{
    /// <summary>The rule, as users read it.</summary>
    public static string Source { get; } = File.ReadAllText(Repository.PathOf("examples/javascript/lopt.mjs"));

    private static readonly string Vectors = File.ReadAllText(Repository.PathOf("examples/javascript/vectors.mjs"));

    /// <summary>What browsers and node have and the language has not.</summary>
    private const string Host = """
        globalThis.TextDecoder = class {
          decode = bytes => decodeURIComponent(Array.from(bytes, b => '%' + b.toString(16).padStart(2, '0')).join(''));
        };
        """;

    private readonly string _source = change?.Invoke(Source) ?? Source;

    /// <summary>Deviation of the port from each vector of a card, in units of the card's tolerance.</summary>
    /// <param name="safetensors">The file of θ.</param>
    /// <param name="card">Its card, as JSON.</param>
    public double[] Deviations(byte[] safetensors, string card)
    {
        using var engine = new Jint.Engine();
        engine.Execute(Host);
        engine.Modules.Add("./lopt.mjs", _source);
        engine.Modules.Add("./vectors.mjs", Vectors);
        engine.Modules.Add("check", """
            import { readTheta } from './lopt.mjs';
            import { deviations } from './vectors.mjs';
            export const check = (file, text) => { const card = JSON.parse(text); return deviations(readTheta(file, card), card); };
            """);
        var file = engine.Intrinsics.Uint8Array.Construct(safetensors);
        var found = engine.Modules.Import("check").Get("check").Call(file, new JsString(card));
        return [.. found.AsArray().Select(v => v.AsNumber())];
    }
}
