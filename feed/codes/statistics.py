"""Statistic and incident types: one number space for both (docs/protocol.md, Statistics and incidents)."""

from enum import IntEnum

from .table import label, table


class IncidentType(IntEnum):
    """The types that the desk itself acts on; all others are known by their label alone."""

    CORNERS = 1
    YELLOW_CARD = 6
    RED_CARD = 7
    PENALTIES = 8
    GOAL = 9
    SUBSTITUTIONS = 10
    POSSESSION = 11
    OWN_GOAL = 24
    PENALTY_GOAL = 25
    SCORE = 27
    MISSED_PENALTY = 40
    VAR = 1074


STATISTICS = table(
    """
0 Not set | 1 Corners | 2 Shots on target | 3 Shots off target | 4 Attacks | 5 Dangerous attacks | 6 Yellow cards
7 Red cards | 8 Penalties | 9 Goals | 10 Substitutions | 11 Possession | 12 Fouls | 13 Free kicks | 14 Goal kicks
15 Offsides | 16 Blocked shots | 17 Throw-ins | 18 Woodwork shots | 19 Clearances | 20 Aces | 21 Double faults
22 Service points | 23 Break points | 24 Own goals | 25 Penalty goals | 27 Score | 28 Two-pointers | 29 Percentage
30 Three-pointers | 31 Time-outs | 32 Free throws | 33 Hits | 34 First serve wins | 35 Balls | 36 Wickets taken
37 Wide balls | 38 No-balls | 39 Leg byes | 40 Missed penalties | 41 Cards | 47 Longest streak of points
52 Longest streak of aces | 55 Number of points | 56 Break point conversion, last 10 games | 59 Five games in a row
60 Last games won to love | 61 Last games won to 15 | 62 Last games broken | 63 Second serve return points won
64 Last 15 points won | 65 Service games won | 66 Break points converted | 67 Break points saved
68 Second serve wins | 69 First serves in | 70 First serve return points won | 71 Return games won | 72 Momentum
77 Number of serves | 78 Return games played | 88 Clearances | 93 Runs | 96 Goalkeeper saves
100 Player defensive rebounds | 101 Player offensive rebounds | 103 Player field goals made
104 Player total rebounds | 106 Player free throws made | 108 Player 2-point field goals made | 109 Player steals
110 Player free throws attempted | 111 Player 3-point field goals attempted | 112 Player turnovers
114 Player 2-point field goals attempted | 117 Goal attempts | 122 Total yards | 123 Passing yards
124 Rushing yards | 126 Penalty yards | 127 Turnovers | 128 Punts | 129 Touchdowns | 130 Rushing touchdowns
131 Passing touchdowns | 132 Turnover touchdowns | 133 Interceptions thrown | 134 Fumbles lost
135 Field goals succeeded | 136 Field goals attempted | 137 Net yards | 138 Red zone efficiency | 139 Rush attempts
140 Third down efficiency | 141 Plays | 142 Drive: field goal attempt | 143 Drive without first down
144 Drive with first down | 145 Drive: offensive touchdown | 146 Drive: punt | 147 Drive: turnover
148 Pass attempts | 149 Pass completions | 150 Safeties | 151 Two-point conversions | 152 Sacks allowed
153 Extra points | 154 Minutes batted | 155 Overs bowled | 156 Boundary sixes | 157 Economy rate
159 Runs scored by type | 160 Extras | 161 No-balls | 162 Byes | 163 Maidens bowled | 164 Balls bowled | 165 Wides
166 Run rate | 167 Balls faced | 169 Runs conceded | 170 Boundary fours | 176 Batsman fours | 178 Batsman sixes
182 Fours | 183 Sixes | 1004 Towers | 1005 Dragons | 1007 Barons | 1008 Inhibitors | 1036 Player assists
1042 Pull in bounds | 1043 Pull out of bounds | 1044 Blocks | 1045 Callahan | 1047 Throwaway | 1048 Throwaway caused
1049 Penalty against us while we have possession | 1050 Penalty against us while they have possession
1051 Penalty against them while we have possession | 1052 Penalty against them while they have possession
1053 Midpoint time-out called by us | 1054 Midpoint time-out called by them | 1055 Stall
1056 Throwaway caused via stall | 1057 Drop | 1065 Dropped | 1068 Set defense subs | 1069 Set offense subs
1070 Injury while we have possession | 1071 Injury while they have possession | 1072 Offsides against us
1073 Offsides against them | 1074 VAR | 1075 DLS method | 1076 Fall of wickets | 1078 Partnership runs
1079 Partnership balls | 1080 Tries | 1081 Conversions | 2005 Player shots on target | 2006 Player shots off target
2008 Points won | 2009 Receiver points won (2) | 2010 Service errors (2) | 2011 Biggest lead | 2012 Lets
2013 Set points | 2014 Barracks | 2018 Roshan | 2019 Kills | 2029 Rebounds | 2030 Defensive rebounds
2031 Offensive rebounds | 2034 Assists | 2035 Steals | 2037 Two-minute penalties | 2043 Points scored
2044 Service points won | 2045 Receiver points won | 2046 Total shots | 2047 Power-play goals | 2048 Face-offs won
2051 Penalty minutes | 2052 Player power-play goals | 2060 Gold | 2065 Most points in a row | 2066 First serve %
2067 Receiver points % | 2068 Service errors | 2078 Deaths | 2080 Doubles | 2081 Triples | 2082 Home runs
2083 Strikeouts | 2084 Base on balls | 2085 At bats | 2086 RBI | 2087 Outs | 2088 Face-offs won %
2090 Most games in a row | 2091 Total games won % | 2094 Second serve % | 2095 Break points won % | 2096 Errors
2097 Stolen bases | 2100 Fumbles | 2101 Average yards per punt | 2148 Crosses | 2156 Free throws attempted
2158 Injuries | 2165 Cloud kills | 2166 Infernal kills | 2167 Mountain kills | 2168 Ocean kills
2169 Chemtech kills | 2170 Hextech kills | 2171 Elder kills | 2175 Second serves in | 2194 Successful 1st serves
2195 First serve points won % | 2196 Second serve points won % | 2197 Successful 2nd serves
2198 First serve return points won % | 2199 Second serve return points won % | 2200 Service points won %
2201 Break points saved % | 2202 Tie-breaks won | 2205 First serve attempts | 2206 Second serve attempts
2207 First serve points played | 2208 Second serve points played | 2209 Break point attempts
2215 Free throws made % | 2216 Field goal attempts | 2217 Field goals made % | 2218 Three-pointer attempts
2219 Three-pointers made % | 2220 Two-pointer attempts | 2221 Two-pointers made % | 2228 Tackles
2229 Service games played | 2230 Service games won % | 2231 First serve return points played
2232 Second serve return points played | 2233 Return points played | 2240 Comeback to win | 2249 Empty-net goals
2261 Batting average | 2262 Strikes | 2263 Hits allowed by pitchers | 2265 Runs allowed by pitchers
2272 Home runs allowed by pitchers | 2273 Base on balls allowed by pitchers | 2288 Player tackles
2289 Headed goals | 2310 Dropped goals | 2311 Goal % | 2312 Metres run with ball | 2313 Conversion goal attempts
2314 Total runs | 2316 Penalty goal attempts | 2318 Left-foot goals | 2319 Right-foot goals | 2320 Penalty goals
2321 Injury | 2341 180s | 2344 Woodwork shots, raw | 2346 Receiving yards | 2348 Extra point attempts
2349 Receiving touchdowns | 2351 Touchdowns by defensive or special team | 2352 Extra points made %
2370 Player goals from outside the penalty area | 2371 Player left-foot goals
2374 Goals from outside the penalty area | 2376 Player headed goals | 2380 Crosses made % | 2381 Winners
2382 Unforced errors | 2389 Penalties saved | 2394 Dangerous free kicks | 2398 Balls | 2399 Tackles won %
2401 Average yards per play | 2402 Third down efficiency % | 2410 Aces on 1st serve | 2411 Aces on 2nd serve
2412 Aces on break point | 2413 Points served at 30-30 | 2414 Points won at 30-30 | 2415 Points served at deuce
2416 Points won at deuce | 2417 Deciding points played | 2418 Deciding points won | 2419 Deciding points lost
2421 Serve points played | 2422 Match points | 2424 Whip | 2425 On base % | 2426 Slugging %
2428 Shots inside the box | 2429 Shots outside the box | 2433 Fielding errors
2442 Player goals from inside the penalty area | 2443 Mercy | 2444 Back-to-back hits | 2445 Catcher's interference
2446 Hit by pitch
"""
)

#: What a single one is called, where the statistic is a plural.
INCIDENTS = STATISTICS | table(
    """
1 Corner | 2 Shot on target | 3 Shot off target | 4 Attack | 5 Dangerous attack | 6 Yellow card | 7 Red card | 8 Penalty
9 Goal | 10 Substitution | 12 Foul | 13 Free kick | 14 Goal kick | 15 Offside | 16 Blocked shot | 17 Throw-in
18 Woodwork shot | 19 Clearance | 20 Ace | 21 Double fault | 24 Own goal | 25 Penalty goal | 28 Two-pointer
30 Three-pointer | 31 Time-out | 32 Free throw | 33 Hit | 36 Wicket | 40 Missed penalty | 41 Card | 93 Run
96 Goalkeeper save | 129 Touchdown | 135 Field goal | 153 Extra point | 182 Four | 183 Six | 1080 Try | 1081 Conversion
2019 Kill | 2037 Two-minute penalty | 2082 Home run | 2158 Injury | 2341 180
"""
)


def statistic_label(code: int | None) -> str:
    """What a count of a match is of: "Yellow cards"; "Statistic 999" when nobody knows."""
    return label(STATISTICS, code, "Statistic")


def incident_label(code: int | None) -> str:
    """What happened, in the singular: "Yellow card"."""
    return label(INCIDENTS, code, "Incident")
