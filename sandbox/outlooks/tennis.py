"""Tennis, point by point: each player wins a point on the own serve with a fixed chance, and all else follows.

Game from points, set from games with the serve alternating and a tie break at 6-6, match from sets. Chances are rounded
to half a percent, so that much is worked out once for many matches.
"""

from collections.abc import Iterable
from functools import lru_cache

from sandbox.outlooks.sets import Frozen, SetsOutlook, played_out

HOME, AWAY = 1, 2


def stepped(chance: float) -> float:
    return min(0.95, max(0.05, round(chance * 200) / 200))


@lru_cache(maxsize=4096)
def game_won(serve: float, server: int, receiver: int) -> float:
    """The server's chance to win the game from this many points each."""
    if server >= 3 and receiver >= 3:
        deuce = serve**2 / (serve**2 + (1 - serve) ** 2)
        if server == receiver:
            return deuce
        return serve + (1 - serve) * deuce if server > receiver else serve * deuce
    if server >= 4:
        return 1.0
    if receiver >= 4:
        return 0.0
    return serve * game_won(serve, server + 1, receiver) + (1 - serve) * game_won(serve, server, receiver + 1)


@lru_cache(maxsize=4096)
def tie_break_won(home_wins: float, home: int, away: int) -> float:
    """Home's chance to win the tie break; each point is won with the mean of both serves."""
    if home >= 6 and away >= 6:
        level = home_wins**2 / (home_wins**2 + (1 - home_wins) ** 2)
        if home == away:
            return level
        return home_wins + (1 - home_wins) * level if home > away else home_wins * level
    if home >= 7:
        return 1.0
    if away >= 7:
        return 0.0
    return home_wins * tie_break_won(home_wins, home + 1, away) + (1 - home_wins) * tie_break_won(
        home_wins, home, away + 1
    )


def set_scores(home_serve: float, away_serve: float, games: tuple[int, int], server: int, home_wins: float) -> Frozen:
    """The chances of each final score of a set from this many games; the one under way is `server`'s."""
    home_holds, away_holds = game_won(home_serve, 0, 0), game_won(away_serve, 0, 0)
    first = sum(games)

    def after(home: int, away: int) -> Iterable[tuple[tuple[int, int], float]]:
        if (max(home, away) >= 6 and abs(home - away) >= 2) or max(home, away) == 7:
            return ()
        if (home, away) == games:
            chance = home_wins
        elif home == away == 6:
            chance = tie_break_won(stepped((home_serve + 1 - away_serve) / 2), 0, 0)
        else:
            serves = server if (home + away - first) % 2 == 0 else HOME + AWAY - server
            chance = home_holds if serves == HOME else 1 - away_holds
        return ((home + 1, away), chance), ((home, away + 1), 1 - chance)

    return played_out({games: 1.0}, after)


@lru_cache(maxsize=1024)
def tennis_outlook(
    home_serve: float,
    away_serve: float,
    *,
    sets: tuple[int, int],
    to_win: int,
    played: tuple[int, int],
    games: tuple[int, int],
    points: tuple[int, int],
    server: int,
    set_number: int,
) -> SetsOutlook:
    """The serves are chances to win a point on it, `stepped`; `played` are the games of finished sets."""
    home, away = games
    if home == away == 6:
        home_wins = tie_break_won(stepped((home_serve + 1 - away_serve) / 2), *points)
    elif server == HOME:
        home_wins = game_won(home_serve, *points)
    else:
        home_wins = 1 - game_won(away_serve, points[1], points[0])
    current = set_scores(home_serve, away_serve, games, server, home_wins)
    fresh = fresh_set(home_serve, away_serve)
    return SetsOutlook(
        sets=sets,
        to_win=to_win,
        played=played,
        current=current,
        fresh=fresh,
        decider=fresh,
        set_number=set_number,
    )


@lru_cache(maxsize=512)
def fresh_set(home_serve: float, away_serve: float) -> Frozen:
    """Who will serve first in a set to come is left open: half and half."""
    one = set_scores(home_serve, away_serve, (0, 0), HOME, game_won(home_serve, 0, 0))
    other = set_scores(home_serve, away_serve, (0, 0), AWAY, 1 - game_won(away_serve, 0, 0))
    weights = dict(one)
    for score, chance in other:
        weights[score] = weights.get(score, 0.0) + chance
    return tuple((score, chance / 2) for score, chance in weights.items())
