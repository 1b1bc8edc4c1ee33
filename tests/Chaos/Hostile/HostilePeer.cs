using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Chaos.Hostile.Expectations;
using LoptCluster.Chaos.Hostile.Messages;
using LoptCluster.Chaos.Hostile.Raw;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile;

/// <summary>
/// One hostile connection: it joins as a worker, sends what its seed draws, and joins again under another name when it is put out.
/// </summary>
internal sealed class HostilePeer : IAsyncDisposable
{
    private const string FenceHash = "fence";

    /// <summary>Of 100 messages, those that are mutated ones of the protocol; the others are raw bytes and calls.</summary>
    private const int MutatedOfHundred = 85;

    private const int MostCopies = 6;

    private readonly Victim _victim;
    private readonly int _number;
    private readonly Random _random;
    private readonly AttackReport _report;
    private readonly GrpcChannel _channel;
    private readonly Spoiler _spoiler;
    private readonly RawTraffic _raw;
    private readonly (FieldPath Path, Mutation Mutation)[] _cases;
    private HostileStream? _stream;
    private int _next, _streams;
    private long _fences = 1L << 50;

    public HostilePeer(Victim victim, int number, int seed, AttackReport report)
    {
        (_victim, _number, _report) = (victim, number, report);
        _random = new Random(unchecked((seed * 1_000_003) + number));
        _cases = [.. Attack.CasesFor(victim)];
        _random.Shuffle(_cases);
        _channel = NewChannel();
        _spoiler = new Spoiler(victim, _random);
        _raw = new RawTraffic(victim, _channel, _random, report);
    }

    /// <summary>Sends one drawn message, perhaps several times, and judges the answer.</summary>
    /// <returns>Messages sent.</returns>
    public async Task<int> StepAsync(CancellationToken cancellation)
    {
        if (_random.Next(100) >= MutatedOfHundred)
            return await InTimeAsync("raw traffic", "any", _raw.StepAsync(() => JoinAsync(alone: true), cancellation));
        var (path, mutation) = _cases[_next++ % _cases.Length];
        bool greets = path.Fields[0].ContainingType.Name == nameof(Hello) && _random.Next(4) != 0;
        return await InTimeAsync($"{path}", mutation.Name, greets ? GreetAsync(path, mutation) : SpoilAsync(path, mutation));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
        _raw.Dispose();
        _channel.Dispose();
    }

    /// <summary>A coordinator that does not answer is a finding like a wrong answer; the peer goes on with another stream.</summary>
    private async Task<int> InTimeAsync(string field, string mutation, Task<int> step)
    {
        try
        {
            return await step;
        }
        catch (TimeoutException e)
        {
            _report.Find(field, mutation, $"an answer within {HostileStream.Patience.TotalSeconds:0} s", e.Message);
            if (_stream is not null) await _stream.DisposeAsync();
            _stream = null;
            return 1;
        }
    }

    private string NewName() => $"hostile-{_number}-{_streams++}";

    private GrpcChannel NewChannel() => GrpcChannel.ForAddress(
        _victim.Address, new GrpcChannelOptions { MaxReceiveMessageSize = ProtocolLimits.LargestMessageBytes });

    /// <param name="alone">
    /// On a connection of its own: of a message that is too large, .NET's client may send more when the stream has long ended, and the
    /// coordinator ends the whole connection for that.
    /// </param>
    private async Task<HostileStream> JoinAsync(bool alone = false)
    {
        for (int attempt = 0; ; attempt++)
        {
            var stream = new HostileStream(alone ? NewChannel() : _channel, NewName(), _victim.WorkerToken, ownsChannel: alone);
            await stream.WriteAsync(new WorkerMessage { Hello = HonestMessages.Hello(stream.WorkerId) });
            if ((await stream.AnswerAsync())?.Welcome is not null) return stream;
            string end = $"{stream.End}";
            await stream.DisposeAsync();
            if (attempt == 3) throw new InvalidOperationException($"An honest greeting was not welcomed: {end}");
        }
    }

    private async Task<int> GreetAsync(FieldPath path, Mutation mutation)
    {
        var message = _spoiler.SpoilHello(path, mutation, NewName());
        await using var stream = new HostileStream(_channel, "greeting", _victim.WorkerToken);
        await stream.WriteAsync(message.Bytes);
        var answers = new List<CoordinatorMessage>();
        while (await stream.AnswerAsync() is { } answer)
        {
            answers.Add(answer);
            if (answer.Welcome is not null) break;
        }

        Judge(message, 1, new Answer(answers, answers.Exists(a => a.Welcome is not null) ? null : await EndAsync(stream)));
        return 1;
    }

    private async Task<int> SpoilAsync(FieldPath path, Mutation mutation)
    {
        if (_stream?.End is not null)
        {
            await _stream.DisposeAsync();
            _stream = null;
        }

        var stream = _stream ??= await JoinAsync();
        var message = _spoiler.Spoil(path, mutation, stream);
        bool once = message.IsOfSender || message.Expectation is Expelled or Leaves or EndsWith;
        int copies = once || _random.Next(6) != 0 ? 1 : _random.Next(2, MostCopies + 1);
        for (int i = 0; i < copies; i++) await stream.WriteAsync(message.Bytes);
        long fence = _fences++;
        if (message.Expectation is not (Expelled or Leaves or EndsWith)) await stream.WriteAsync(Fence(fence));
        var answers = new List<CoordinatorMessage>();
        bool fenced = false;
        while (!fenced && await stream.AnswerAsync() is { } answer)
        {
            fenced = answer.Reject is { } reject && reject.ProblemId == fence;
            if (!fenced) answers.Add(answer);
        }

        if (answers is [{ Ack.Outcome: SampleOutcome.Accepted }, ..] && message.Problem is { } problem)
        {
            if (message.EndsProblem) stream.Forget(problem.Id);
            else problem.Advance(message.Steps);
        }

        Judge(message, copies, new Answer(answers, fenced ? null : await EndAsync(stream)));
        return copies;
    }

    /// <summary>A message that is always answered: what came before its answer is all that came for the messages before it.</summary>
    private static WorkerMessage Fence(long id) =>
        new() { Sample = new Sample { ProblemId = id, SpecificationHash = FenceHash } };

    private static async Task<Grpc.Core.Status> EndAsync(HostileStream stream)
    {
        for (int i = 0; i < 500 && stream.End is null; i++) await Task.Delay(10);
        return stream.End ?? new Grpc.Core.Status(StatusCode.DeadlineExceeded, "the stream did not end");
    }

    private void Judge(HostileMessage message, int copies, Answer answer)
    {
        _report.Note(message.Field, message.Mutation, copies, message.Expectation.Heading);
        if (!message.Expectation.IsMetBy(answer))
            _report.Find(message.Field, message.Mutation, message.Expectation.ToString(), answer.ToString());
    }
}
