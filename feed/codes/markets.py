"""Names of markets, for messages that have the number alone (docs/protocol.md, Market names; some are a client's)."""

from .table import label, table

#: The winner of a match that cannot be drawn.
MONEYLINE = 52
#: Markets that answer one question in different sports; a fixture shows the first that it has.
WINNERS = (1, MONEYLINE, 226, 160, 274)
TOTALS = (2, 28, 166)
HANDICAPS = (3, 342, 201)
MAIN_MARKETS = (*WINNERS, *TOTALS, *HANDICAPS)
#: Markets with the outcomes 1 and 2 that have a draw too.
THREE_WAY = frozenset({1, 13, 41, 50, 282})
#: Who wins a race or a season: the winner of an outright.
OUTRIGHT_WINNERS = (274, 160)
#: Double chance, both teams to score, odd or even: read beside those.
BESIDE_MAIN = (7, 17, 5)

MARKETS = table(
    """
1 1X2 | 2 Under/Over | 3 Asian Handicap | 4 HT/FT | 5 Odd/Even | 6 Correct Score | 7 Double Chance
9 Correct Score 1st Period | 11 Total Corners | 12 Total Fouls Committed | 13 European Handicap
16 First Team To Score | 17 Both Teams To Score | 19 First Card | 21 Under/Over - 1st Period | 22 Away Team to Score
23 Home Team to Score | 25 Double Chance Halftime | 28 Under/Over - Including Overtime
30 Under/Over Corners - Home Team | 31 Under/Over Corners - Away Team | 34 Home Team To Score In Both Halves
35 Away Team To Score In Both Halves | 41 1st Period Winner | 42 2nd Set Winner | 45 Under/Over Second Period
50 1X2 Including Overtime | 51 Odd/Even Including Overtime | 52 Winner | 53 Asian Handicap - HT
55 First Team To Score 1st Period | 56 Last Team To Score | 57 Last Team To Score Halftime | 59 Next Goal
61 European Handicap Halftime | 63 HalfTime Winner | 64 Asian Handicap - 1st Period | 65 Asian Handicap Second Period
69 Will The Game Go To Overtime? | 71 Highest Scoring Half | 72 1st Period Odd/Even | 73 2nd Period Odd/Even
79 Will A Penalty Be Awarded? | 80 First Corner | 81 Last Corner | 82 Will A Red Card Be Shown?
83 To Keep a Clean Sheet | 84 To Win Both Halves | 85 To Win From Behind | 86 To Win To Nil | 88 To Qualify
91 In What Half First Goal Will Be Scored? | 92 First Team To Score 2nd Half | 95 Corners Handicap
96 Away Team Win To Nil | 97 Home Team Win To Nil | 98 Home Team To Keep A Clean Sheet
99 Away Team To Keep A Clean Sheet | 100 Correct Score 2nd Period | 101 Under/Over - Home Team
102 Under/Over - Away Team | 104 Away Team To Win Both Halves | 105 Home Team To Win Both Halves
106 Home Team To Win From Behind | 107 Away Team To Win From Behind | 108 Home Team To Score From A Penalty
109 Away Team To Score From A Penalty | 110 Away Team To Win At Least One Half
111 Home Team To Win At Least One Half | 113 Both Teams To Score 1st Half | 114 Any Player To Score At Least 2 Goals
117 Any Player To Score At Least 3 Goals | 122 Team Scoring First To Win The Match
123 Away Team To Score First And Win The Match | 124 Home Team To Score First And Win The Match | 128 Number of Goals
129 Under/Over Corners - 1st Half | 132 Under/Over Shots on Target | 133 Under/Over Total Shots
134 Number of Goals 1st Half | 136 Under/Over Offsides | 137 Home Win No Bet | 138 Away Win No Bet
139 In Which Half Home Team Will Score First Goal? | 140 In Which Half Away Team Will Score First Goal?
143 In Which Half Home Team Will Score More Goals? | 144 In Which Half Away Team Will Score More Goals?
145 Home Team Number Of Goals In 1st Half | 146 Away Team Number Of Goals In 1st Half
147 Away Team Number Of Goals In 2nd Half | 148 Home Team Number Of Goals In 2nd Half | 149 Home Team Number Of Goals
150 Away Team Number Of Goals | 151 Double Chance 2nd Half | 153 Under/Over 1st Period - Home Team
154 Under/Over 2nd Period - Home Team | 155 Under/Over 1st Period - Away Team | 156 Under/Over 2nd Period - Away Team
157 Under/Over Yellow Cards - 1st Half | 158 Under/Over Yellow Cards | 160 Race Winner | 161 10 Minute Result
162 10 Minute Under/Over | 163 Number of Goals 2nd Half | 166 Under/Over Games | 168 Will Be An Own Goal?
169 To Score In Both Halves | 170 Odd/Even Corners | 171 To Win Either Half | 180 Under/Over Throw-Ins
181 Under/Over Yellow Cards - Home Team | 182 Under/Over Yellow Cards - Home Team 1st Half
183 Under/Over Yellow Cards - Home Team 2nd Half | 184 Under/Over Yellow Cards - Away Team
185 Under/Over Yellow Cards - Away Team 1st Half | 186 Under/Over Yellow Cards - Away Team 2nd Half
187 Under/Over Yellow Cards - 2nd Half | 188 First Yellow Card | 189 First Red Card | 190 First Yellow Card 2nd Half
192 Will A Goal Be Scored In Both Halves? | 194 Home Team To Keep A Clean Sheet 1st Period
195 Home Team To Keep A Clean Sheet 2nd Period | 196 Away Team To Keep A Clean Sheet 1st Period
197 Away Team To Keep A Clean Sheet 2nd Period | 198 Odd/Even - Home Team | 199 Odd/Even - Away Team
201 Asian Handicap Games | 202 1st Period Winner Home/Away | 203 2nd Period Winner Home/Away | 207 15 Minute Result
208 30 Minute Result | 209 Total Corners - 1st Half | 210 Total Corners - 2nd Half | 211 Both Teams To Score 2nd Half
212 Both Teams To Score In Both Halves | 213 Draw In Both Halves | 214 Under/Over Cards
215 Away Team to Score 1st Half | 216 Away Team to Score 2nd Half | 218 Home Team to Score 1st Half
219 Home Team to Score 2nd Half | 220 Under/Over - Away Team Including Overtime
221 Under/Over - Home Team Including Overtime | 226 12 - Including Overtime | 233 To Win Not to Nil
238 Remaining Match | 239 Goals Range | 242 1st Period Odd/Even - Home Team | 243 1st Period Odd/Even - Away Team
245 Goal/No Goal | 247 Remaining 1st Half | 250 Corners Handicap - 1st Half | 254 Cards Range | 255 Time Of 1st Card
256 Home Team - Cards Range | 257 Away Team - Cards Range | 258 Corners Range | 260 Team With Most 1st Half Corners
261 Team With Most 2nd Half Corners | 262 Home Team - Corners Range | 263 Away Team - Corners Range
264 Home Team - 1st Half Corners Range | 265 Away Team - 1st Half Corners Range
266 Home Team - 2nd Half Corners Range | 267 Away Team - 2nd Half Corners Range | 269 Goals Range 1st Period
271 Chance Mix | 274 Outright Winner | 275 Goals Range 2nd Period | 278 Goals Range Home Team
279 Goals Range Away Team | 282 1X2 - HT | 289 2nd Period Odd/Even - Home Team | 292 2nd Period Odd/Even - Away Team
300 Game Winner | 301 Goal Before | 302 Goal After | 305 Corners - Under/Exactly/Over | 306 First Goal Last Goal
317 Under/Exactly/Over - 1st Period | 318 Under/Exactly/Over - 2nd Period | 322 Under/Exactly/Over
338 Next Goal 1st Period | 339 Next Goal 2nd Period | 341 Race To | 342 Asian Handicap - Including Overtime
355 Under/Over Halftime - Away Team | 390 HT/FT Including Overtime | 391 Next Goal - Extra Time
392 Home Team Penalty Shootout | 393 Away Team Penalty Shootout | 398 Odd/Even Cards | 400 Odd/Even Cards 1st Half
401 Under/Over Corners 1st Half - Home Team | 402 Under/Over Corners 1st Half - Away Team
403 Under/Over Corners 2nd Half | 404 Under/Over Corners 2nd Half - Home Team
405 Under/Over Corners 2nd Half - Away Team | 406 Odd/Even Corners 1st Half | 407 Asian Handicap Cards
408 Asian Handicap Cards 1st Half | 409 1X2 Corners | 410 1X2 Corners 1st Half | 411 Winner Corners
412 Winner Corners 1st Half | 414 Under/Over Cards 1st Half | 415 1X2 And Both Teams To Score
416 Under/Over - Extra Time | 417 Under/Over - Extra Time 1st Half | 419 1X2 - Extra Time
421 Next Goal - Extra Time 1st Half | 427 1X2 And Under/Over | 428 Multiple Correct Score
429 Exact 1X2 And Both Teams To Score | 430 Under/Exactly/Over - 1st Half | 431 Under/Exactly/Over - 2nd Half
433 European Handicap Corners | 456 Double Chance 1st Period | 457 Double Chance 2nd Period | 461 Winning Margin
472 Will Game Go to Shootout? | 523 Under/Over And Both Teams To Score | 553 Under/Over Shootout Penalties Taken
554 Shootout Winner | 555 Asian Handicap Shootout | 556 Correct Score Shootout | 557 Under/Over Shootout
558 Under/Over Shootout - Home Team | 559 Under/Over Shootout - Away Team | 560 Team To Take Last Shootout Penalty
564 1X2 And Under/Over 5 way | 577 10 Minute Under/Over - Corners | 578 10 Minute Under/Over - Cards | 579 Next Corner
580 Top 2 Winner | 581 Top 3 Winner | 582 Top 6 Winner | 583 Top 7 Winner | 584 Top 8 Winner | 585 Top 9 Winner
586 To Finish In Top Half | 587 To Finish In Bottom Half | 588 To Finish Bottom | 589 Not To Finish In Top 4
590 To Be Relegated | 591 Not To Be Relegated | 592 To Reach Final | 593 To Finish In Bottom 6 | 594 To Be Promoted
595 First Goal Time | 596 Goals Range Home Team 1st Period | 597 Goals Range Home Team 2nd Period
598 Goals Range Away Team 1st Period | 599 Goals Range Away Team 2nd Period
600 1st Period Winner And Both Teams To Score | 601 HT/FT Double Chance | 602 Correct Score Including Overtime
603 Negative HT/FT | 604 Goals Range Home Team Both Periods | 605 Goals Range Away Team Both Periods
606 Winner And Goals Type One | 607 Double Chance And Goals | 608 Winner And Goals Type Two
609 Both Teams To Score And Goals | 610 Double Chance Mix | 628 To Finish In Top 7 | 629 To Finish In Top 6
630 To Finish In Top 3 | 631 To Finish In Top 2 | 632 To Finish In Top 4 | 633 To Finish In Top 5
695 HT/FT And Goals | 697 To Finish In Top 8 | 711 Player To Score In Anytime | 712 First Player To Score
713 Last Player To Score | 714 Player To Score 2 Or More Goals | 715 Player To Score 3 Or More Goals
755 Extra Time Corners - Under/Exactly/Over | 756 Under/Over - Extra Time Corners | 757 Asian Handicap - Extra Time
758 10 Minute Under/Over - Free Kicks | 759 10 Minute Under/Over - Throw-ins | 760 10 Minute Under/Over - Goal Kicks
762 To Win The Toss | 795 Man Of The Match | 820 Race To Corners | 821 League Top Goalscorer | 822 Top New Team
823 2nd Player To Score | 824 Player To Be Booked | 825 Player To Be Sent Off | 835 Asian Under/Over
836 Asian Under/Over 1st Period | 864 Team First Goalscorer | 865 Team Last Goalscorer
880 First Half Corners - Under/Exactly/Over | 881 First Goal Method | 896 Time Of First Team Goal
935 European Cards Handicap | 936 Asian Under/Over Cards | 937 Asian Handicap Cards | 938 Under/Over Cards - Home Team
939 Under/Over Cards - Away Team | 940 Time Of First Card | 941 Next Player To Score | 998 First Match Corner
999 Last Match Corner | 1030 Time Of First Corner | 1031 Multiple Corners | 1053 Asian Under/Over 2nd Period
1062 Highest Scoring Half - Home Team | 1063 Highest Scoring Half - Away Team | 1065 Home Team - First Goalscorer
1066 Home Team - Last Goalscorer | 1067 Away Team - First Goalscorer | 1068 Away Team - Last Goalscorer
1081 1X2 Yellow Cards | 1082 Double Chance Yellow Cards | 1083 Asian Handicap Yellow Cards
1084 Correct Score Yellow Cards | 1085 Under/Over Red Cards | 1086 Under/Exactly/Over Booking Points
1087 Under/Exactly/Over Booking Points - Home Team | 1088 Under/Exactly/Over Booking Points - Away Team
1096 Under/Exactly/Over Booking Points - 1st Period | 1184 Not To Win The League | 1188 Under/Over Substitutions
1189 Under/Over Substitutions - 1st Period | 1211 1X2 Fouls | 1212 Double Chance Fouls
1213 Under/Over Fouls - 1st Period | 1214 Under/Over Fouls - 2nd Period | 1215 Asian Handicap Fouls
1216 Under/Over Fouls - Home Team | 1217 Under/Over Fouls - Away Team | 1222 Under/Over Throw-Ins - Home Team
1223 Under/Over Throw-Ins - Away Team | 1224 1X2 Throw-Ins | 1225 Double Chance Throw-Ins
1226 Under/Over Throw-Ins - 1st Period | 1227 Throw-ins Handicap | 1228 Throw-ins Handicap - 1st Period
1229 Under/Over Shots on Target - Home Team | 1230 Under/Over Shots on Target - Away Team
1231 Asian Handicap Shots on Target | 1232 Asian Handicap Shots On Target - 1st Period
1233 Under/Over Shots On Target - 1st Period | 1234 1X2 Shots on Target | 1235 Double Chance Shots on Target
1236 Under/Over Total Shots - Home Team | 1237 Under/Over Total Shots - Away Team | 1238 Double Chance Total Shots
1239 1X2 Total Shots | 1240 Asian Handicap Total Shots | 1241 Asian Handicap Total Shots - 1st Period
1242 Under/Over Total Shots - 1st Period | 1243 Double Chance Corners | 1244 Double Chance Corners - 1st Period
1245 Corners From All 4 Corners Of The Pitch | 1246 Double Chance Yellow Cards - 1st Period
1247 1X2 Yellow Cards - 1st Period | 1248 Asian Handicap Yellow Cards - 1st Period | 1249 Double Chance & Under/Over
1250 Double Chance & Both Teams To Score | 1267 Odd/Even Fouls | 1268 Asian Handicap Ball Possession
1269 Double Chance Offsides | 1270 Asian Handicap Offsides | 1271 Under/Over Offsides - Home Team
1272 Under/Over Offsides - Away Team | 1273 1X2 Offsides | 1312 Winning Margin Exact
1315 Winning Margin Exact - Teams | 1318 Asian Handicap Fouls - 1st Period | 1319 Asian Handicap Offsides - 1st Period
1320 Asian Handicap Offsides - 2nd Period | 1321 Asian Handicap Fouls - 2nd Period
1322 Asian Handicap Shots On Target - 2nd Period | 1323 Asian Handicap Total Shots - 2nd Period
1324 Under/Over Offsides - 1st Period | 1325 Under/Over Offsides - 2nd Period | 1326 First Foul
1392 To Finish In Top 10 | 1393 To Stay Up | 1439 Asian Handicap - Full Time | 1552 Asian Under/Over Corners
1559 Cup Winner | 1563 Time Of Scoring | 1564 Time Of Scoring - Home Team | 1565 Time Of Scoring - Away Team
1566 Match Time Result | 1728 Both Teams to Score - Extra Time | 1729 Double Chance - Extra Time
1754 To Score a Penalty | 1836 1X2 and Double Chance - Corners | 1837 1X2 and Double Chance - Corners 1st Period
1838 1X2 and Double Chance - Corners 2nd Period | 1839 1X2 and Double Chance Yellow Cards - 1st Period
1840 1X2 and Double Chance - Yellow Cards | 1841 First Substitutions | 1842 2nd Goal in the match
1843 3rd Goal in the match | 1844 4th Goal in the match | 1845 5th Goal in the match | 1846 60 Minute Result
1847 75 Minute Result | 1848 Goal Scored In The First 5 Minutes? | 1849 First Throw-in in the Match
1850 Draw in Either Half | 1851 Headed Goal in the Match? | 1852 Under/Over Goal Minutes
1860 10 Minute Winning Margin 5-Way | 1862 A Sub Will score in the Game | 1866 15 Minute Under/Over - Corners
1867 2 Goals in a Row by Team | 1868 3 Goals in a Row by Team | 1870 Under/Over Saves | 1871 1X2 Saves
1886 1X2 and Double Chance | 1887 Home Team to Win/Draw and Both teams to score
1888 Away Team to Win/Draw and Both teams to score | 1900 Player Top Goalscorer | 1901 Under/Over Tackles
1903 Minor Premiership Winner | 1904 Under/Over Tackles - Home Team | 1905 Under/Over Tackles - Away Team
1917 Under/Over Posts and Crossbars | 1918 1x2 Posts and Crossbars | 1919 Under/Over Posts and Crossbars - Home Team
1920 Under/Over Posts and Crossbars - Away Team | 1921 Double Chance Posts and Crossbars
1922 Asian Handicap and Under/Over | 1927 Under/Over Goal Kicks | 1928 Under/Over Goal Kicks - Home Team
1929 Under/Over Goal Kicks - Away Team | 1930 Under/Over Saves - Home Team | 1931 Under/Over Saves - Away Team
1932 Under/Over Ball Possession | 1933 Under/Over Ball Possession - Home Team
1934 Under/Over Ball Possession - Away Team | 1935 Score Draw? | 1936 1st Corner - 1st Period
1937 1st Corner - 2nd Period | 1940 Under/Over Corners between 15:01 Min to 30:00 Min
1941 Under/Over Corners between 30:01 Min to Half Time | 1942 Under/Over Corners between Half Time to 60.00 Min
1943 Under/Over Corners between 60:01 Min to 75:00 Min | 1944 Under/Over Corners between 75:01 Min to Full Time
1945 Will Hit the Post or Crossbar? | 1946 Race To 2 Goals | 1947 Race To 3 Goals | 1964 1X2 Goal Kick
1965 Double Chance - Goal Kick | 1966 Odd/Even Goal Kick | 1967 Goal Kick Handicap
"""
)


def market_label(code: int | None) -> str:
    """The market's name; "Market 5000" when nobody knows."""
    return label(MARKETS, code, "Market")
